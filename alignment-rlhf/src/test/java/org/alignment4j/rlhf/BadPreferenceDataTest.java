package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.HarmComparison;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Examples with prompts and answers that cannot be learned, in every trainer that is given
 * examples: what is left out is counted with its reason, what is refused is named by its place.
 */
class BadPreferenceDataTest extends PocketTraining {

  private static final Prompt GOOD = Prompt.text("One day Tim saw");

  /** A prompt with a better and a worse answer, from which every trainer's examples are made. */
  private record Row(Prompt prompt, String better, String worse) {
    Row(Prompt prompt) {
      this(prompt, " a dog", " a big cat");
    }
  }

  /**
   * A trainer.
   *
   * @param parameter what it calls its examples
   * @param perRow how many it makes of a row
   */
  private record Family(
      String name, String parameter, int perRow, Function<List<Row>, EncodingReport> train) {

    EncodingReport train(Row... rows) {
      return train.apply(List.of(rows));
    }

    /** The place of a row's first example. */
    String place(int row) {
      return "%s[%s]: ".formatted(parameter, row * perRow);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static <E> List<E> of(List<Row> rows, Function<Row, Stream<E>> examples) {
    return rows.stream().flatMap(examples).toList();
  }

  private static List<PreferencePair> pairs(List<Row> rows) {
    return of(rows, r -> Stream.of(new PreferencePair(r.prompt, r.better, r.worse)));
  }

  private static List<UnpairedLabel> labels(List<Row> rows) {
    return of(
        rows,
        r ->
            Stream.of(
                new UnpairedLabel(r.prompt, r.better, true),
                new UnpairedLabel(r.prompt, r.worse, false)));
  }

  private static List<Ranking> rankings(List<Row> rows) {
    return of(rows, r -> Stream.of(Ranking.ordered(r.prompt, List.of(r.better, r.worse))));
  }

  private static EncodingReport closed(FineTuningResult result) {
    result.model().close();
    return result.report();
  }

  private static EncodingReport closed(RewardModelResult result) {
    result.model().close();
    return result.report();
  }

  private static Family supervised() {
    return new Family(
        "sft",
        "demonstrations",
        1,
        rows ->
            closed(
                SftTrainer.of(base)
                    .train(of(rows, r -> Stream.of(new PromptCompletion(r.prompt, r.better))))));
  }

  private static Family steps() {
    return new Family(
        "step reward model",
        "labels",
        1,
        rows ->
            closed(
                StepRewardTrainer.of(base)
                    .train(
                        of(
                            rows,
                            r ->
                                Stream.of(
                                    new StepLabels(
                                        new StepwiseSolution(r.prompt, List.of(r.better)),
                                        List.of(OptionalDouble.of(1))))))
                    .run()));
  }

  private static Family hindsight() {
    return new Family(
        "hindsight", "chains", 4, rows -> closed(HindsightTrainer.of(base).train(pairs(rows))));
  }

  private static Family alol() {
    return new Family(
        "a-lol",
        "answers",
        2,
        rows ->
            closed(
                AlolTrainer.of(base)
                    .baseline(PromptBaseline.mean())
                    .train(
                        of(
                            rows,
                            r ->
                                Stream.of(
                                    new RatedAnswer(new PromptCompletion(r.prompt, r.better), 1),
                                    new RatedAnswer(
                                        new PromptCompletion(r.prompt, r.worse), 0))))));
  }

  /** Those of pairs. */
  static Stream<Family> ofPairs() {
    return Stream.of(
        new Family(
            "dpo",
            "pairs",
            1,
            rows -> closed(PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1)).train(pairs(rows)))),
        new Family(
            "hinge",
            "pairs",
            1,
            rows ->
                closed(PreferenceTrainer.of(base, PreferenceLoss.hinge(0.1)).train(pairs(rows)))),
        new Family(
            "cringe of pairs",
            "pairs",
            1,
            rows -> closed(CringeTrainer.of(base).trainPairs(pairs(rows), PairGate.of(0, 1)))),
        new Family(
            "reward model",
            "pairs",
            1,
            rows -> closed(RewardModelTrainer.of(base).train(pairs(rows)))));
  }

  /** Those of single labelled answers. */
  static Stream<Family> ofLabels() {
    return Stream.of(
        new Family(
            "kto",
            "labels",
            2,
            rows -> closed(UnpairedTrainer.of(base, UnpairedLoss.kto(0.1)).train(labels(rows)))),
        new Family(
            "bco",
            "labels",
            2,
            rows -> closed(UnpairedTrainer.of(base, UnpairedLoss.bco(0.1)).train(labels(rows)))),
        new Family(
            "cringe", "labels", 2, rows -> closed(CringeTrainer.of(base).train(labels(rows)))),
        new Family(
            "outcome reward model",
            "labels",
            2,
            rows -> closed(OutcomeRewardTrainer.of(base).train(labels(rows)))));
  }

  /** Those of rankings. */
  static Stream<Family> ofRankings() {
    return Stream.of(
        new Family(
            "rrhf",
            "rankings",
            1,
            rows -> closed(RankingTrainer.of(base, RankingLoss.rrhf()).train(rankings(rows)))),
        new Family(
            "plackett-luce",
            "rankings",
            1,
            rows ->
                closed(
                    RankingTrainer.of(base, RankingLoss.plackettLuce(0.1)).train(rankings(rows)))),
        new Family(
            "reward model of rankings",
            "rankings",
            1,
            rows -> closed(RankingRewardTrainer.of(base).train(rankings(rows)))));
  }

  private static Family costs() {
    return new Family(
        "cost model",
        "pairs",
        1,
        rows ->
            closed(
                CostModelTrainer.of(base)
                    .train(
                        of(
                            rows,
                            r ->
                                Stream.of(
                                    new HarmComparison(
                                        r.prompt, r.better, r.worse, true, false))))));
  }

  /** All whose answers need a token before them. */
  static Stream<Family> behindPrompts() {
    return Stream.of(ofPairs(), ofLabels(), ofRankings(), Stream.of(costs(), alol()))
        .flatMap(f -> f);
  }

  static Stream<Family> all() {
    return Stream.concat(behindPrompts(), Stream.of(supervised(), steps(), hindsight()));
  }

  private static final Row FIRST = new Row(GOOD);
  private static final Row SECOND = new Row(Prompt.text("Lily went to the"));

  @ParameterizedTest
  @MethodSource("all")
  void aPromptBeyondTheContextIsLeftOutAndCounted(Family family) {
    Row tooLong = new Row(Prompt.text("word ".repeat(400)));
    EncodingReport report = family.train(FIRST, tooLong, SECOND);
    assertThat(report.examples()).isEqualTo(3 * family.perRow());
    assertThat(report.dropped()).isEqualTo(family.perRow());
    assertThat(report.reasons().get(0)).startsWith(family.place(1)).containsPattern("\\d+ tokens");
    assertThatThrownBy(() -> family.train(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            family.parameter(), "at least one usable example", "were dropped", family.place(0));
  }

  @ParameterizedTest
  @MethodSource("behindPrompts")
  void anAnswerWithoutAPromptIsLeftOutAndCounted(Family family) {
    for (Prompt prompt : List.of(Prompt.text(""), Prompt.tokens(new int[0]))) {
      EncodingReport report = family.train(FIRST, new Row(prompt), SECOND);
      assertThat(report.dropped()).isEqualTo(family.perRow());
      assertThat(report.reasons().get(0))
          .startsWith(family.place(1))
          .contains("prompt of at least one token");
    }
  }

  @Test
  void whereOnlySomeTokensAreLearnedThePromptMayBeEmpty() {
    for (Family family : List.of(supervised(), steps(), hindsight())) {
      assertThat(family.train(FIRST, new Row(Prompt.text(""))).dropped()).isZero();
    }
  }

  /** Neither the first nor the last of a prompt's tokens may be another model's. */
  @ParameterizedTest
  @MethodSource("all")
  void tokensOfAnotherVocabularyAreRefusedByTheirPlace(Family family) {
    int[] early = new int[20];
    early[0] = 99_999;
    for (Prompt prompt : List.of(Prompt.tokens(early), Prompt.tokens(5, 99_999))) {
      String place = family.name().equals("hindsight") ? "pairs[1]: " : "[1]: ";
      assertThatThrownBy(() -> family.train(FIRST, new Row(prompt)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("(?s)\\w+\\[%s].*".formatted(family.perRow() == 2 ? 2 : 1))
          .hasMessageContaining(family.name().equals("hindsight") ? place : "99999");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anEmptyAnswerIsRefusedByItsPlace(Family family) {
    Row bad = new Row(GOOD, "", " a big cat");
    if (family.name().equals("a-lol")) {
      EncodingReport report = family.train(FIRST, bad, SECOND);
      assertThat(report.reasons()).containsExactly("answers[2]: completion must not be empty");
      return;
    }
    if (family.name().equals("step reward model")) {
      assertThatThrownBy(() -> family.train(bad)).hasMessageContaining("none empty");
      return;
    }
    int at = family.perRow() == 2 ? 2 : 1;
    assertThatThrownBy(() -> family.train(FIRST, bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("\\w+\\[%s].* not be empty.*; remove .*".formatted(at));
  }
}
