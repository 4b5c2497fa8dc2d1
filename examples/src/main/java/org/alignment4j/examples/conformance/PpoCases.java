package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alignment4j.rlhf.advantage.AdvantageInput;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.GaeEstimator;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.MaskedStatistics;
import org.alignment4j.rlhf.advantage.ScorePlacement;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.rlhf.advantage.Whitening;

/** Rewards of tokens, generalised advantages and both losses of PPO, in float64. */
final class PpoCases {

  private final String kind;
  private final CaseRunner runner;

  PpoCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /**
   * Runs every case of a file.
   *
   * @throws IOException if it cannot be read
   */
  void run(Path file) throws IOException {
    Fixture root = Fixture.read(file);
    String group = String.valueOf(file.getFileName());
    PaddedTokens tokens = PaddedTokens.counted(root.get("mask"));
    runner.run(kind, group, "masked_stats", check -> statistics(check, root, tokens));
    List<Fixture> old = root.get("v0_11_4").elements();
    for (int i = 0; i < old.size(); i++) {
      Fixture one = old.get(i);
      runner.run(kind, group, "v0_11_4 [" + i + "]", check -> version0(check, root, one, tokens));
    }
    List<Fixture> newer = root.get("v1_9_0").elements();
    for (int i = 0; i < newer.size(); i++) {
      Fixture one = newer.get(i);
      runner.run(kind, group, "v1_9_0 [" + i + "]", check -> version1(check, root, one, tokens));
    }
  }

  private static void statistics(Check check, Fixture root, PaddedTokens tokens) {
    Fixture stats = root.get("masked_stats");
    CompletionMask mask = tokens.mask();
    TokenValues values = tokens.values(stats.get("values"));
    close(check, stats, "mean", MaskedStatistics.mean(values, mask));
    close(check, stats, "var_unbiased", MaskedStatistics.variance(values, mask, Variance.BESSEL));
    close(check, stats, "var_biased", MaskedStatistics.variance(values, mask, Variance.BIASED));
    double[] means = values.sums(mask);
    for (int s = 0; s < means.length; s++) {
      means[s] /= mask.count(s);
    }
    check.close("mean_axis1", means, stats.get("mean_axis1").numbers(), Tolerance.DOUBLE);
    close(check, stats, "whiten", whitened(values, mask, Whitening.FULL), tokens);
    close(check, stats, "whiten_keep_mean", whitened(values, mask, Whitening.KEEP_MEAN), tokens);
  }

  private static TokenValues whitened(TokenValues values, CompletionMask mask, Whitening form) {
    return MaskedStatistics.whiten(values, mask, form, Variance.BESSEL);
  }

  private static void version0(Check check, Fixture root, Fixture one, PaddedTokens tokens) {
    TokenRewards rewards = TokenRewards.standard();
    TokenValues divergences = divergences(rewards, root, tokens);
    double beta = one.get("kl_coef").number();
    close(check, one, "non_score_rewards", divergences.map(kl -> -beta * kl), tokens);
    TokenValues assembled = rewards.assemble(beta, divergences, scores(root), tokens.mask());
    close(check, one, "rewards", assembled, tokens);
    AdvantageInput input = input(root, tokens, assembled, tokens);
    Advantages plain = gae(one, Whitening.NONE).estimate(input);
    close(check, one, "gae_unwhitened", plain.advantages(), tokens);
    Advantages whitened = gae(one, Whitening.FULL).estimate(input);
    close(check, one, "advantages_whitened", whitened.advantages(), tokens);
    close(check, one, "returns", whitened.returns().orElseThrow(), tokens);
    PpoLossCase losses = new PpoLossCase(check, root, one, tokens);
    losses.version0(whitened);
  }

  private static void version1(Check check, Fixture root, Fixture one, PaddedTokens tokens) {
    int columns = root.get("inputs").get("logprobs").elements().get(0).elements().size();
    TokenRewards rewards =
        new TokenRewards(
            KlEstimator.valueOf(one.get("kl_estimator").text().toUpperCase(Locale.ROOT)),
            ScorePlacement.AFTER_EOS,
            columns,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY);
    PaddedTokens steps = PaddedTokens.notPadding(one.get("padding_mask_p1"));
    for (int s = 0; s < steps.lengths().length; s++) {
      check.equal("steps of row " + s, rewards.steps(tokens.lengths()[s]), steps.lengths()[s]);
    }
    TokenValues assembled =
        rewards.assemble(
            one.get("kl_coef").number(),
            divergences(rewards, root, tokens),
            scores(root),
            tokens.mask());
    close(check, one, "rewards", assembled, steps);
    Advantages found = gae(one, Whitening.FULL).estimate(input(root, tokens, assembled, steps));
    close(check, one, "advantages_whitened", found.advantages(), tokens);
    close(check, one, "returns", found.returns().orElseThrow(), steps);
    new PpoLossCase(check, root, one, tokens).version1(found, steps);
  }

  private static TokenValues divergences(TokenRewards rewards, Fixture root, PaddedTokens tokens) {
    Fixture inputs = root.get("inputs");
    return rewards.divergences(
        tokens.values(inputs.get("logprobs")),
        tokens.values(inputs.get("ref_logprobs")),
        tokens.mask());
  }

  private static double[] scores(Fixture root) {
    return root.get("inputs").get("scores").numbers();
  }

  private static AdvantageInput input(
      Fixture root, PaddedTokens tokens, TokenValues rewards, PaddedTokens steps) {
    double[] scores = scores(root);
    return AdvantageInput.of(
            SequenceRewards.of(0, scores), Groups.consecutive(scores.length, 1), tokens.mask())
        .withTokenRewards(rewards)
        .withValues(steps.values(root.get("inputs").get("values")));
  }

  private static GaeEstimator gae(Fixture one, Whitening whitening) {
    boolean ofRewards = one.node().path("whiten_rewards").asBoolean();
    return new GaeEstimator(
        one.get("gamma").number(),
        one.get("lam").number(),
        whitening,
        ofRewards ? Whitening.KEEP_MEAN : Whitening.NONE,
        Variance.BESSEL);
  }

  private static void close(Check check, Fixture at, String key, double actual) {
    check.close(key, actual, at.get(key).number(), Tolerance.DOUBLE);
  }

  private static void close(
      Check check, Fixture at, String key, TokenValues actual, PaddedTokens tokens) {
    check.close(key, actual.flat(), tokens.flat(at.get(key)), Tolerance.DOUBLE);
  }
}
