package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.BestOfK;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that counts a token, and a gold reward that wants some of them but not many. */
class OveroptimisationStudyTest {

  private static final RewardFunction PROXY = TokenRewards.counting("fives", 5);
  private static final RewardFunction GOLD =
      RewardFunction.each(
          "two fives",
          answer -> {
            double count = TokenRewards.count(answer, 5);
            return -(count - 2) * (count - 2);
          });
  private static final List<Prompt> PROMPTS = TokenRewards.prompts(24, 99);

  @TempDir Path folder;

  private static DecoderModel base;
  private static List<DecoderModel> checkpoints;

  @BeforeAll
  static void train() {
    base = TokenRewards.base();
    checkpoints = TokenRewards.trained(base, PROXY, 0, 5, 10, 15, 20, 30, 45);
  }

  @AfterAll
  static void close() {
    base.close();
    checkpoints.forEach(DecoderModel::close);
  }

  private static OveroptimisationStudy study() {
    return OveroptimisationStudy.of(base, PROMPTS, PROXY, GOLD)
        .rollouts(RolloutOptions.of(TokenRewards.LENGTH))
        .samples(48)
        .seed(5);
  }

  private static OveroptimisationStudy whole() {
    OveroptimisationStudy study = study().checkpointSamples(8);
    for (int i = 0; i < checkpoints.size(); i++) {
      study = study.checkpoint("checkpoint " + i, checkpoints.get(i));
    }
    return study;
  }

  @Test
  void goldFallsWhileTheProxyRises() {
    OveroptimisationResult result = whole().journal(folder.resolve("answers.jsonl")).run();
    OveroptimisationCurve bon = result.curve(OveroptimisationForm.BEST_OF_N).orElseThrow();
    OveroptimisationCurve rl = result.curve(OveroptimisationForm.REINFORCEMENT).orElseThrow();
    assertThat(bon.points().stream().map(OveroptimisationPoint::label))
        .containsExactly("n = 1", "n = 2", "n = 4", "n = 8", "n = 16", "n = 32", "n = 48");
    for (OveroptimisationCurve curve : result.curves()) {
      double before = -1;
      for (OveroptimisationPoint point : curve.points()) {
        assertThat(point.distance()).isGreaterThanOrEqualTo(before);
        before = point.distance();
      }
    }
    assertThat(bon.points().get(0).proxyGain().value()).isCloseTo(0, within(1e-12));
    assertThat(bon.points().get(0).winRate().value()).isCloseTo(0.5, within(1e-12));
    OveroptimisationPoint far = rl.points().get(rl.points().size() - 1);
    assertThat(far.proxyGain().ciLow()).isGreaterThan(1);
    assertThat(rl.goldFall().ciHigh()).isNegative();
    FittedReward gold = rl.gold().orElseThrow();
    assertThat(gold.fit().verdict()).isEqualTo(OveroptimisationVerdict.PEAK_OBSERVED);
    Estimate peak = gold.peak().orElseThrow();
    assertThat(peak.ciLow()).isPositive().isLessThan(peak.ciHigh());
    assertThat(peak.value()).isBetween(gold.fit().low(), gold.fit().high());
    // The first checkpoint is the policy before any step.
    OveroptimisationPoint start =
        rl.points().stream().filter(p -> p.label().equals("checkpoint 0")).findFirst().get();
    assertThat(start.kl().value()).isCloseTo(0, within(1e-4));
    assertThat(far.entropy().value()).isLessThan(start.entropy().value());
    String html = result.report("Overoptimisation").html();
    assertThat(html)
        .contains("Best of n", "Reinforcement learning", "gold, fitted", "n = 48", "checkpoint 6")
        .contains("Against the highest of all 7 points", "a fall is shown")
        .contains("chosen on half of the prompts and compared on the others");
    // Nothing is sampled again, and everything is the same.
    assertThat(whole().journal(folder.resolve("answers.jsonl")).run()).isEqualTo(result);
  }

  /** Means over prompts of what the plain formulas give of the same samples. */
  @Test
  void bestOfNIsEstimatedFromThePool() {
    OveroptimisationCurve curve = study().run().curves().get(0);
    List<Prompt> repeated = new ArrayList<>();
    PROMPTS.forEach(p -> repeated.addAll(Collections.nCopies(48, p)));
    List<Completion> pool =
        base.generate(
            repeated,
            SamplingOptions.builder(TokenRewards.LENGTH)
                .temperature(1)
                .logProbs(true)
                .seed(5)
                .build());
    double proxy = 0;
    double surprise = 0;
    for (int p = 0; p < PROMPTS.size(); p++) {
      double[] counts = new double[48];
      for (int i = 0; i < 48; i++) {
        Completion completion = pool.get(48 * p + i);
        counts[i] = completion.tokens().stream().filter(t -> t == 5).count();
        surprise -= completion.modelLogProbs().mean() / (48 * PROMPTS.size());
      }
      proxy += BestOfK.expectedMaximum(counts, 8) / PROMPTS.size();
    }
    OveroptimisationPoint eight = curve.points().get(3);
    assertThat(eight.proxy().value()).isCloseTo(proxy, within(1e-12));
    assertThat(eight.distance()).isCloseTo(Math.sqrt(Math.log(8) - 7.0 / 8), within(1e-12));
    assertThat(curve.points().get(0).entropy().value()).isCloseTo(surprise, within(1e-12));
  }

  /** Of answers of one token, the divergence is a sum over the vocabulary. */
  @Test
  void theDivergenceOfACheckpointIsThatOfItsDistribution() {
    OveroptimisationResult result =
        study()
            .rollouts(RolloutOptions.of(1))
            .samples(8)
            .checkpointSamples(200)
            .checkpoint("0", checkpoints.get(0))
            .checkpoint("3", checkpoints.get(3))
            .checkpoint("6", checkpoints.get(6))
            .run();
    for (int at : new int[] {3, 6}) {
      OveroptimisationPoint point =
          result.curves().get(1).points().stream()
              .filter(p -> p.label().equals(Integer.toString(at)))
              .findFirst()
              .orElseThrow();
      double exact = 0;
      for (Prompt prompt : PROMPTS) {
        double[] policy = distribution(checkpoints.get(at), prompt);
        double[] initial = distribution(base, prompt);
        for (int t = 0; t < policy.length; t++) {
          exact += Math.exp(policy[t]) * (policy[t] - initial[t]) / PROMPTS.size();
        }
      }
      assertThat(point.kl().value()).isCloseTo(exact, within(0.05 + 0.05 * exact));
    }
  }

  private static double[] distribution(DecoderModel model, Prompt prompt) {
    List<Continuation> tokens = new ArrayList<>();
    for (int t = 0; t < TokenRewards.VOCAB; t++) {
      tokens.add(Continuation.of(prompt, TokenIds.of(t)));
    }
    return model.logProbabilities(tokens).stream().mapToDouble(s -> s.sum()).toArray();
  }

  /** Per prompt as many answers, so that the resample of every prompt once is the sample itself. */
  @Test
  void initialRewardsHaveTheMomentsOfAllAnswers() {
    double[][] rewards = {{1e6 + 1, 1e6 + 4}, {1e6, 1e6 + 3}};
    InitialRewards initial = InitialRewards.of(rewards);
    InitialRewards.Moments moments = initial.moments(new int[] {0, 1});
    assertThat(moments.mean()).isCloseTo(1e6 + 2, within(1e-9));
    assertThat(moments.deviation()).isCloseTo(Math.sqrt(10.0 / 3), within(1e-9));
    InitialRewards.Moments twice = initial.moments(new int[] {1, 1});
    assertThat(twice.mean()).isCloseTo(1e6 + 1.5, within(1e-9));
    assertThat(twice.deviation()).isCloseTo(Math.sqrt(3), within(1e-9));
  }

  /**
   * Rewards made by the formula over prompts of two scales: the fit finds it, whatever the unit.
   */
  @Test
  void tablesOfNoiselessRewardsGiveTheCurveBack() {
    double[][] pool = {{-1, 1, 3}, {0, 2, 1}, {4, -2, 0}};
    InitialRewards initial = InitialRewards.of(pool);
    InitialRewards.Moments moments = initial.moments(new int[] {0, 1, 2});
    List<PointRow> rows = new ArrayList<>();
    for (double d : new double[] {0, 0.5, 1, 2, 3}) {
      double gain = d * (0.9 - 0.3 * Math.log(Math.max(d, 1e-300)));
      double[] rewards = new double[3];
      Arrays.fill(rewards, moments.mean() + (d == 0 ? 0 : gain) * moments.deviation());
      double[] flat = {1, 1, 1};
      double[] kl = {d * d - 0.1, d * d + 0.3, d * d - 0.2};
      rows.add(new PointRow("d = " + d, null, kl, rewards, rewards, flat, flat, flat));
    }
    FittedReward gold =
        new CurveTable(OveroptimisationForm.REINFORCEMENT, rows, initial, initial)
            .curve(new Bootstrap(50, 1, 0.95))
            .gold()
            .orElseThrow();
    assertThat(gold.fit().alpha()).isCloseTo(0.9, within(1e-9));
    assertThat(gold.fit().beta()).isCloseTo(0.3, within(1e-9));
    assertThat(gold.fit().verdict()).isEqualTo(OveroptimisationVerdict.EXTRAPOLATED);
    assertThat(gold.peak().orElseThrow().value()).isCloseTo(Math.exp(2), within(1e-6));
    assertThat(gold.peakReward().orElseThrow().value()).isCloseTo(0.3 * Math.exp(2), within(1e-6));
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> study().samples(1).run())
        .hasMessage("samples must be at least 2 to choose the best of them but was 1");
    assertThatThrownBy(() -> study().checkpoint("a", base).checkpoint("b", base).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checkpoints must be at least 3 to fit a curve but there are 2");
    assertThatThrownBy(() -> study().checkpoint("a", base).checkpoint("a", base))
        .hasMessage("checkpoints must have different names but two are called 'a'");
    assertThatThrownBy(() -> whole().rollouts(new RolloutOptions(4, 0.7)).run())
        .hasMessageStartingWith("temperature must be 1 where checkpoints are studied");
    RewardFunction constant = RewardFunction.each("constant", a -> 2);
    assertThatThrownBy(
            () -> OveroptimisationStudy.of(base, PROMPTS, PROXY, constant).samples(2).run())
        .hasMessageStartingWith("the gold reward 'constant' must vary under the initial policy");
    RewardFunction none =
        new RewardFunction() {
          @Override
          public String name() {
            return "none";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            return Collections.nCopies(answers.size(), OptionalDouble.empty());
          }
        };
    assertThatThrownBy(() -> OveroptimisationStudy.of(base, PROMPTS, none, GOLD).samples(2).run())
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("must apply to every answer but gave none to sample 0 of prompt 0");
  }
}
