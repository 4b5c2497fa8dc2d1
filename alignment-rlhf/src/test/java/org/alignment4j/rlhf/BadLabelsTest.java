package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.HarmComparison;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.loss.ApoZeroUnpairedLoss;
import org.alignment4j.rlhf.loss.BcoLoss;
import org.alignment4j.rlhf.loss.KtoLoss;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.RankingRewardLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.reward.RewardEvaluator;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that say nothing, only one thing, the same again or the contrary. */
class BadLabelsTest extends PocketTraining {

  private static final Prompt PROMPT = Prompt.text("One day Tim saw");
  private static final Prompt OTHER = Prompt.text("Lily went to the");

  // rankings

  static Stream<RankingLoss> rankingLosses() {
    return Stream.of(
        RankingLoss.rrhf(),
        RankingLoss.pro(),
        RankingLoss.plackettLuce(0.1),
        RankingLoss.stableAlignment());
  }

  private static Ranking tied(double first, double second, double third) {
    return new Ranking(PROMPT, List.of(" a.", " b.", " c."), List.of(first, second, third));
  }

  private static void nothingRanked(Runnable training) {
    assertThatThrownBy(training::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("not tied but in all 2", "look at the scores");
  }

  @ParameterizedTest
  @MethodSource("rankingLosses")
  void tiesEverywhereTeachNoOrderAndAreRefused(RankingLoss loss) {
    nothingRanked(() -> RankingTrainer.of(base, loss).train(Collections.nCopies(2, tied(1, 1, 1))));
  }

  @Test
  void tiesEverywhereAreRefusedByRewardModelsOfRankings() {
    for (RankingRewardLoss loss :
        List.of(RankingRewardLoss.plackettLuce(), RankingRewardLoss.allPairs())) {
      nothingRanked(
          () ->
              RankingRewardTrainer.of(base)
                  .loss(loss)
                  .train(Collections.nCopies(2, tied(0, 0, 0))));
    }
  }

  /** A ranking that is all ties beside another is counted as an example and has no pair. */
  @ParameterizedTest
  @MethodSource("rankingLosses")
  void someTiesAreFine(RankingLoss loss) {
    for (List<Ranking> rankings :
        List.of(List.of(tied(1, 1, 0)), List.of(tied(1, 1, 1), tied(1, 0, 0)))) {
      FineTuningResult result = RankingTrainer.of(base, loss).train(rankings);
      finite(result);
      assertThat(result.report().dropped()).isZero();
      assertThat(result.model().id()).isNotEqualTo(base.id());
      result.model().close();
    }
  }

  @Test
  void oneAnswerOrScoresThatAreNoOrderAreRefused() {
    assertThatThrownBy(() -> new Ranking(PROMPT, List.of(" a"), List.of(1.0)))
        .hasMessageContaining("two or more responses");
    assertThatThrownBy(() -> tied(1, Double.NaN, 0)).hasMessageContaining("finite and never rise");
    assertThatThrownBy(() -> tied(1, 2, 0)).hasMessageContaining("finite and never rise");
  }

  @Test
  void identicalTextsLeaveTheirBestPlace() {
    List<Ranking> rankings =
        List.of(
            new Ranking(PROMPT, List.of(" a.", " a.", " b."), List.of(2.0, 1.0, 0.0)),
            new Ranking(OTHER, List.of(" a.", " a."), List.of(1.0, 0.0)));
    FineTuningResult result = RankingTrainer.of(base, RankingLoss.rrhf()).train(rankings);
    result.model().close();
    assertThat(result.report().kept()).isEqualTo(1);
    assertThat(result.report().reasons().get(0))
        .startsWith("rankings[1]: ")
        .contains("same tokens as a better one");
  }

  // good and bad answers

  private static List<UnpairedLabel> labels(boolean desirable) {
    return List.of(
        new UnpairedLabel(PROMPT, " a dog.", desirable),
        new UnpairedLabel(OTHER, " a big cat.", desirable));
  }

  private static FineTuningResult unpaired(UnpairedLoss loss, List<UnpairedLabel> labels) {
    return UnpairedTrainer.of(base, loss).learningRate(1e-4).train(labels);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyOneKindOfAnswerIsLearnedAndMeasured(boolean desirable) {
    String missing = desirable ? "rejected" : "chosen";
    for (UnpairedLoss loss :
        List.of(UnpairedLoss.kto(0.1), UnpairedLoss.bco(0.1), UnpairedLoss.apoZero(0.1))) {
      FineTuningResult result = unpaired(loss, labels(desirable));
      finite(result);
      assertThat(result.metrics().get(0).values())
          .doesNotContainKeys("rewards/" + missing, "logps/" + missing, "rewards/margins");
      assertThat(result.model().id()).isNotEqualTo(base.id());
      result.model().close();
    }
    FineTuningResult cringe = CringeTrainer.of(base).train(labels(desirable));
    finite(cringe);
    cringe.model().close();
    RewardModelResult outcomes = OutcomeRewardTrainer.of(base).train(labels(desirable));
    assertThat(outcomes.metrics().get(0).values().get("loss")).isFinite();
    outcomes.model().close();
  }

  @Test
  void labelsThatAllCountNothingAreRefused() {
    List<UnpairedLabel> both = new ArrayList<>(labels(true));
    both.addAll(labels(false));
    for (UnpairedLoss none :
        List.of(
            new KtoLoss(0.1, 0, 0), new BcoLoss(0.1, 0, 0), new ApoZeroUnpairedLoss(0.1, 0, 0))) {
      assertThatThrownBy(() -> unpaired(none, both))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "2 are desirable, with a weight of 0.0", "2 undesirable, with one of 0.0", "raise");
    }
    UnpairedLoss badOnly = UnpairedLoss.kto(0.1, 0, 1);
    assertThatThrownBy(() -> unpaired(badOnly, labels(true)))
        .hasMessageContainingAll("2 are desirable, with a weight of 0.0", "0 undesirable");
    finite(unpaired(badOnly, both));
  }

  // pairs

  @Test
  void pairsThatAreThereTwiceOrContradictEachOtherAreLearnedAsTheyAre() {
    PreferencePair pair = new PreferencePair(PROMPT, " a dog.", " a cat.");
    for (List<PreferencePair> pairs : List.of(List.of(pair, pair), List.of(pair, pair.swapped()))) {
      FineTuningResult result = PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1)).train(pairs);
      assertThat(result.report().kept()).isEqualTo(2);
      finite(result);
      result.model().close();
    }
    UnpairedLabel good = labels(true).get(0);
    UnpairedLabel bad = new UnpairedLabel(good.prompt(), good.completion(), false);
    finite(unpaired(UnpairedLoss.bco(0.1), List.of(good, bad, good)));
  }

  @Test
  void equalAnswersAreRefusedByTheirPlace() {
    PreferencePair good = new PreferencePair(PROMPT, " a", " b");
    PreferencePair equal = new PreferencePair(PROMPT, " a", " a");
    List<PreferencePair> pairs = List.of(good, equal);
    List<Runnable> trainings =
        List.of(
            () -> PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1)).train(pairs),
            () -> RewardModelTrainer.of(base).train(pairs),
            () -> CringeTrainer.of(base).trainPairs(pairs, PairGate.of(0, 1)));
    for (Runnable training : trainings) {
      assertThatThrownBy(training::run)
          .hasMessage("pairs[1]: chosen and rejected must differ but are equal; remove the pair");
    }
    HarmComparison harm = new HarmComparison(PROMPT, " a", " a", true, true);
    assertThatThrownBy(() -> CostModelTrainer.of(base).train(List.of(harm)))
        .hasMessageContaining("comparisons[0]: moreHarmful and lessHarmful must differ");
    assertThatThrownBy(() -> new HarmComparison(PROMPT, " a", " b", false, true))
        .hasMessageContaining("less harmful than a safe one must be safe");
  }

  @Test
  void pairsThatSayNothingAreCountedWhereHindsightHasNoneLeft() {
    PreferencePair even = new PreferencePair(PROMPT, " a", " b", 0.5, OptionalDouble.empty(), null);
    PreferencePair equal = new PreferencePair(PROMPT, " a", " a ");
    assertThatThrownBy(() -> HindsightTrainer.of(base).train(List.of(even, equal, even)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("of 3 2 have a probability of 0.5", "1 equal answers");
    assertThatThrownBy(() -> HindsightTrainer.of(base).train(List.of()))
        .hasMessageContaining("pairs must hold at least one");
    for (double value : new double[] {Double.NaN, -0.1, 1.1}) {
      assertThatThrownBy(
              () -> new PreferencePair(PROMPT, " a", " b", value, OptionalDouble.empty(), null))
          .hasMessageContaining("probability must be in [0, 1] but was " + value);
    }
    assertThatThrownBy(
            () ->
                new PreferencePair(
                    PROMPT, " a", " b", 1, OptionalDouble.of(Double.POSITIVE_INFINITY), null))
        .hasMessageContaining("margin must be finite");
  }

  // judged steps and rated answers

  @Test
  void stepsWithoutAJudgementAreLeftOut() {
    StepwiseSolution solution = new StepwiseSolution(PROMPT, List.of("a", "b"));
    assertThatThrownBy(() -> new StepLabels(solution, List.of(OptionalDouble.of(1))))
        .hasMessageContaining("one label per step (2)");
    for (double value : new double[] {Double.NaN, 2}) {
      assertThatThrownBy(
              () ->
                  new StepLabels(
                      solution, List.of(OptionalDouble.of(value), OptionalDouble.empty())))
          .hasMessageContaining("must be in [0, 1] but was " + value);
    }
    StepLabels none =
        new StepLabels(solution, List.of(OptionalDouble.empty(), OptionalDouble.empty()));
    assertThatThrownBy(() -> StepRewardTrainer.of(base).train(List.of(none)))
        .hasMessageContainingAll("all 1 were dropped", "labels[0]: no judged step");
  }

  @Test
  void ratesThatAreNoNumbersOrAllTheSame() {
    PromptCompletion answer = new PromptCompletion(PROMPT, " a");
    for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> new RatedAnswer(answer, value))
          .hasMessage("reward must be finite but was " + value);
    }
    List<RatedAnswer> same = Collections.nCopies(3, new RatedAnswer(answer, 2));
    assertThatThrownBy(() -> AlolTrainer.of(base).baseline(PromptBaseline.mean()).train(same))
        .hasMessageContainingAll("positive advantage", "greatest of 3 is 0.0", "another baseline");
  }

  /** A model that gives too few rewards fails as that model. */
  @Test
  void tooFewRatesAreTheModelsFailure() {
    RewardModel few =
        new RewardModel() {
          @Override
          public String id() {
            return "few";
          }

          @Override
          public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
            return List.of(Reward.of(1));
          }
        };
    PromptCompletion answer = new PromptCompletion(PROMPT, " a");
    assertThatThrownBy(() -> RatedAnswer.by(List.of(answer, answer), few, CancellationToken.none()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("reward model few must score each of 2 answers but gave 1");
    assertThatThrownBy(
            () ->
                RewardEvaluator.create()
                    .evaluate(
                        few,
                        List.of(new PreferencePair(PROMPT, " a", " b")),
                        CancellationToken.none()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("'few' must score each of 2 answers");
  }

  private static void finite(FineTuningResult result) {
    for (Metrics metrics : result.metrics()) {
      SmallPolicies.finite(metrics);
    }
  }
}
