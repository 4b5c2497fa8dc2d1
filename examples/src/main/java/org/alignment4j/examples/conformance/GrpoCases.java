package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.rlhf.advantage.AdvantageEstimator;
import org.alignment4j.rlhf.advantage.AdvantageInput;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.DecoupledGroupEstimator;
import org.alignment4j.rlhf.advantage.GroupRelativeEstimator;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.HighEntropyTokens;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.policy.LossValues;
import org.alignment4j.rlhf.policy.PolicyBatch;
import org.alignment4j.rlhf.policy.PolicyLosses;

/** Group advantages, and losses of GRPO with metrics and gradients, in float64. */
final class GrpoCases {

  /** What TRL adds to standard deviations. */
  private static final double EPSILON = 1e-4;

  private static final String ACCUMULATED = "num_items_in_batch_for_dapo_and_cispo";

  private final String kind;
  private final CaseRunner runner;

  GrpoCases(String kind, CaseRunner runner) {
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
    List<Fixture> cases = root.get("cases").elements();
    for (int i = 0; i < cases.size(); i++) {
      Fixture one = cases.get(i);
      String label =
          "%s beta %s epsilon_high %s [%s]"
              .formatted(
                  one.text("loss_type", "?"),
                  one.number("beta", 0),
                  one.number("epsilon_high", 0),
                  i);
      runner.run(kind, group, label, check -> loss(check, root, one));
    }
    for (Fixture one : root.get("group_advantages").elements()) {
      String label =
          "group_advantages %s %s of %s"
              .formatted(
                  one.text("aggregation", "?"),
                  one.text("scale_rewards", "?"),
                  one.get("reward_functions").integer());
      runner.run(kind, group, label, check -> advantages(check, root, one));
    }
  }

  private static void loss(Check check, Fixture root, Fixture one) {
    GrpoOptions options = GrpoOptions.of(root, one);
    PaddedTokens tokens = PaddedTokens.counted(root.get("completion_mask"));
    CompletionMask mask = tokens.mask();
    double[] scores = root.get("loss_advantages").numbers();
    TokenValues advantages = TokenValues.broadcast(scores, mask);
    TokenValues entropies = tokens.values(root.get("entropies"));
    double[] policy = tokens.flat(root.get("per_token_logps"));
    double[] old = options.usesOld() ? tokens.flat(root.get("old_per_token_logps")) : policy;
    double[] reference = tokens.flat(root.get("ref_per_token_logps"));
    double[] weights = weights(options, root, mask);
    Function<TokenValues, LossValues> evaluated =
        learned ->
            PolicyLosses.evaluate(
                options.loss(),
                PolicyBatch.of(policy, old, learned.flat(), tokens.lengths())
                    .withReference(reference)
                    .withWeights(weights));
    LossValues ofAll = evaluated.apply(advantages);
    LossValues values = ofAll;
    if (options.entropyShare() < 1) {
      TokenValues selected =
          new HighEntropyTokens(options.entropyShare()).selected(entropies, mask);
      Advantages kept =
          HighEntropyTokens.keep(new Advantages(advantages, mask, Optional.empty()), selected);
      values = evaluated.apply(kept.advantages());
    }
    check.close("loss", values.loss(), one.get("loss").number(), Tolerance.DOUBLE);
    check.close("grad", values.gradients(), tokens.flat(one.get("grad")), Tolerance.DOUBLE);
    if (one.has("metrics")) {
      // Clips are counted at all tokens, those that are not learned from included.
      new GrpoMetrics(ofAll, scores, entropies, mask, options.sequences())
          .compare(check, one.get("metrics"));
    }
  }

  /** Means over tokens are those of the accumulated batch, which may have others besides. */
  private static double[] weights(GrpoOptions options, Fixture root, CompletionMask mask) {
    double[] weights = options.weights().weights(mask).flat();
    if (!options.accumulated() || !root.has(ACCUMULATED)) {
      return weights;
    }
    double share = weights.length / root.get(ACCUMULATED).number();
    return Arrays.stream(weights).map(w -> w * share).toArray();
  }

  private static void advantages(Check check, Fixture root, Fixture one) {
    List<Fixture> rows = root.get("rewards_per_func").elements();
    double[] weights = root.get("reward_weights").numbers();
    List<RewardComponent> components = new ArrayList<>();
    for (int f = 0; f < one.get("reward_functions").integer(); f++) {
      int column = f;
      double[] values = rows.stream().mapToDouble(row -> row.numbers()[column]).toArray();
      components.add(RewardComponent.of("function " + f, weights[f], values));
    }
    int size = root.get("num_generations").integer();
    int[] lengths = new int[rows.size()];
    Arrays.fill(lengths, 1);
    AdvantageInput input =
        AdvantageInput.of(
            SequenceRewards.of(0, components),
            Groups.consecutive(rows.size() / size, size),
            CompletionMask.ofLengths(lengths));
    double[] actual = estimator(one).estimate(input).advantages().flat();
    check.close("advantages", actual, one.get("advantages").numbers(), Tolerance.DOUBLE);
  }

  private static AdvantageEstimator estimator(Fixture one) {
    String aggregation = one.get("aggregation").text();
    return switch (aggregation) {
      case "sum_then_normalize" ->
          new GroupRelativeEstimator(
              GroupRelativeEstimator.Scale.valueOf(
                  one.get("scale_rewards").text().toUpperCase(Locale.ROOT)),
              EPSILON);
      case "normalize_then_sum" -> new DecoupledGroupEstimator(EPSILON);
      default -> throw new SkippedCaseException("there is no aggregation '" + aggregation + "'");
    };
  }
}
