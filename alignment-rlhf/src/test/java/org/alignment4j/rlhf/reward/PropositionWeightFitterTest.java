package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Reward;
import org.junit.jupiter.api.Test;

/** Fitted weights against a search over all weights, and the rule-based reward they make. */
class PropositionWeightFitterTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private static GradedAnswer graded(String prompt, double quality, double r, Double... features) {
    return new GradedAnswer(Prompt.text(prompt), quality, r, List.of(features));
  }

  private static PropositionWeightFitter all(Set<String> ignored) {
    return new PropositionWeightFitter(1, 1e-2, 0, 4000, 0, ignored, 1);
  }

  /** The mean hinge as the paper writes it, pair by pair. */
  private static double hinge(List<GradedAnswer> answers, double mu, double... w) {
    double sum = 0;
    int pairs = 0;
    for (GradedAnswer a : answers) {
      for (GradedAnswer b : answers) {
        if (a.prompt().equals(b.prompt()) && a.quality() > b.quality()) {
          double ra = a.reward();
          double rb = b.reward();
          for (int j = 0; j < w.length; j++) {
            ra += w[j] * a.features().get(j);
            rb += w[j] * b.features().get(j);
          }
          sum += Math.max(0, mu * (a.quality() - b.quality()) + rb - ra);
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  private static List<GradedAnswer> noisy(long seed) {
    Random random = new Random(seed);
    List<GradedAnswer> answers = new ArrayList<>();
    for (int prompt = 0; prompt < 12; prompt++) {
      for (double quality : new double[] {0, 0.5, 2}) {
        double good = Math.min(1, Math.max(0, quality / 2 + random.nextGaussian() / 4));
        double bad = Math.min(1, Math.max(0, 1 - quality / 2 + random.nextGaussian() / 3));
        answers.add(graded("p" + prompt, quality, random.nextGaussian(), good, bad));
      }
    }
    return answers;
  }

  @Test
  void theLossIsTheLeastThatASearchFinds() {
    List<GradedAnswer> answers = noisy(5);
    PropositionFit fit = all(Set.of()).fit(List.of("good", "bad"), answers, NONE);
    double[] w = fit.weights().weights().values().stream().mapToDouble(d -> d).toArray();
    assertThat(fit.loss()).isCloseTo(hinge(answers, 1, w), within(1e-12)).isPositive();
    assertThat(fit.pairs()).isEqualTo(36);
    double least = Double.POSITIVE_INFINITY;
    for (double a = -8; a <= 8; a += 0.05) {
      for (double b = -8; b <= 8; b += 0.05) {
        least = Math.min(least, hinge(answers, 1, a, b));
      }
    }
    assertThat(fit.loss()).isLessThan(least + 2e-3);
    assertThat(w[0]).isPositive();
    assertThat(w[1]).isNegative();
  }

  @Test
  void separablePairsEndWithoutLoss() {
    List<GradedAnswer> answers =
        List.of(
            graded("a", 2, 0.5, 1.0, 0.0),
            graded("a", 1, 1.0, 0.5, 0.5),
            graded("a", 0, 2.0, 0.0, 1.0));
    PropositionFit fit = all(Set.of()).fit(List.of("good", "bad"), answers, NONE);
    assertThat(fit.loss()).isZero();
    assertThat(fit.heldOutPairs()).isZero();
    assertThat(fit.heldOutLoss()).isNaN();
  }

  @Test
  void marginsAreNotRounded() {
    List<GradedAnswer> answers = List.of(graded("a", 0.75, 0.0, 1.0), graded("a", 0.5, 0.0, 0.0));
    PropositionFit fit =
        new PropositionWeightFitter(1, 1e-3, 0, 5000, 0, Set.of(), 1)
            .fit(List.of("good"), answers, NONE);
    assertThat(fit.loss()).isZero();
    // A margin of a whole number would leave the weight at 0 or near 1.
    assertThat(fit.weights().weights().get("good")).isBetween(0.25, 0.26);
  }

  @Test
  void anIgnoredPropositionKeepsNoWeight() {
    PropositionFit fit = all(Set.of("bad")).fit(List.of("good", "bad"), noisy(5), NONE);
    assertThat(fit.weights().weights().get("bad")).isZero();
    assertThat(fit.weights().weights().get("good")).isPositive();
  }

  @Test
  void decayPullsWeightsToZero() {
    PropositionWeightFitter decaying =
        new PropositionWeightFitter(1, 1e-2, 5, 4000, 0, Set.of(), 1);
    double free =
        all(Set.of()).fit(List.of("good", "bad"), noisy(5), NONE).weights().weights().get("good");
    double held =
        decaying.fit(List.of("good", "bad"), noisy(5), NONE).weights().weights().get("good");
    assertThat(held).isPositive().isLessThan(free / 2);
  }

  @Test
  void moreIterationsNeverEndWithMoreLoss() {
    double before = Double.POSITIVE_INFINITY;
    for (int iterations = 1; iterations < 40; iterations++) {
      // Steps so wide that the weights swing about the best ones.
      double loss =
          new PropositionWeightFitter(1, 3, 0, iterations, 0, Set.of(), 1)
              .fit(List.of("good", "bad"), noisy(5), NONE)
              .loss();
      assertThat(loss).isLessThanOrEqualTo(before);
      before = loss;
    }
  }

  @Test
  void heldOutPromptsAreNotLearnedFrom() {
    PropositionWeightFitter half = new PropositionWeightFitter(1, 1e-2, 0, 300, 0.5, Set.of(), 7);
    PropositionFit fit = half.fit(List.of("good", "bad"), noisy(5), NONE);
    assertThat(fit.pairs()).isEqualTo(18);
    assertThat(fit.heldOutPairs()).isEqualTo(18);
    assertThat(fit.heldOutLoss()).isPositive();
    assertThat(half.fit(List.of("good", "bad"), noisy(5), NONE)).isEqualTo(fit);
    assertThat(
            PropositionWeightFitter.standard(7).fit(List.of("good", "bad"), noisy(5), NONE).pairs())
        .as("a twentieth of 12 prompts is none")
        .isEqualTo(36);
  }

  @Test
  void onlyCompletionsOfOnePromptAreCompared() {
    List<GradedAnswer> apart = List.of(graded("a", 2, 0, 1.0), graded("b", 0, 0, 0.0));
    assertThatThrownBy(() -> all(Set.of()).fit(List.of("good"), apart, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of 0 prompts");
    List<GradedAnswer> equal = List.of(graded("a", 2, 0, 1.0), graded("a", 2, 0, 0.0));
    assertThatThrownBy(() -> all(Set.of()).fit(List.of("good"), equal, NONE))
        .hasMessageContaining("completions of different quality");
  }

  @Test
  void whatCannotBeIsRefused() {
    List<GradedAnswer> answers = List.of(graded("a", 2, 0, 1.0), graded("a", 0, 0));
    assertThatThrownBy(() -> all(Set.of()).fit(List.of("good"), answers, NONE))
        .hasMessage(
            "answers[1] must have a feature for each of [good] but has 0; none may be missing");
    assertThatThrownBy(() -> all(Set.of("other")).fit(List.of("good"), answers, NONE))
        .hasMessage("ignored propositions must be among [good] but were [other]");
    assertThatThrownBy(() -> all(Set.of()).fit(List.of(), answers, NONE))
        .hasMessageContaining("names must be at least one");
    assertThatThrownBy(() -> new PropositionWeightFitter(0, 1, 0, 1, 0, Set.of(), 0))
        .hasMessageContaining("margin and learningRate must be positive");
    assertThatThrownBy(() -> new PropositionWeightFitter(1, 1, 0, 0, 0, Set.of(), 0))
        .hasMessageContaining("iterations must be at least 1");
    assertThatThrownBy(() -> graded("a", Double.NaN, 0, 1.0)).hasMessageContaining("quality");
    assertThatThrownBy(() -> graded("a", 0, 0, Double.POSITIVE_INFINITY))
        .hasMessageContaining("features[0] must be finite");
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    assertThatThrownBy(() -> all(Set.of()).fit(List.of("good", "bad"), noisy(1), cancelled))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void weightsMakeAReward() {
    PropositionWeights weights =
        PropositionWeights.of(List.of("good", "bad"), new double[] {2, -3});
    Grading grader = new Grading(List.of("good", "bad"), text -> new double[] {0.5, 0.25});
    List<Reward> alone = RuleBasedReward.of(grader, weights).score(answers("4"));
    assertThat(alone.get(0).value()).isCloseTo(0.25, within(1e-12));
    RuleBasedReward total = RuleBasedReward.of(grader, weights).over(Scoring.numbers("rm"));
    assertThat(total.score(answers("4")).get(0).value()).isCloseTo(4.25, within(1e-12));
    assertThat(total.score(answers("4")).get(0).components())
        .containsExactly(
            Map.entry("reward_model", 4.0),
            Map.entry("rules", 0.25),
            Map.entry("proposition/good", 0.5),
            Map.entry("proposition/bad", 0.25));
    assertThat(total.id()).contains("rm").contains("good=2.0");
    assertThatThrownBy(
            () ->
                RuleBasedReward.of(
                    grader, PropositionWeights.of(List.of("bad", "good"), new double[] {1, 1})))
        .hasMessageContaining("weights must be those of the propositions [good, bad]");
    assertThatThrownBy(() -> weights.sum(1)).hasMessageContaining("but are 1");
    assertThatThrownBy(() -> new PropositionWeights(Map.of("a", Double.NaN)))
        .hasMessage("weight of proposition 'a' must be finite but was NaN");
  }
}
