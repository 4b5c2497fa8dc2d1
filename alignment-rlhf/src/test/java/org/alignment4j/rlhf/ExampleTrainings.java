package org.alignment4j.rlhf;

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

/** Trainers on examples, each made of a prompt with a better and a worse answer. */
final class ExampleTrainings {

  private ExampleTrainings() {}

  /** A prompt with a better and a worse answer, from which every trainer's examples are made. */
  record Row(Prompt prompt, String better, String worse) {
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
  record Family(
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

  static Family supervised() {
    return new Family(
        "sft",
        "demonstrations",
        1,
        rows ->
            closed(
                SftTrainer.of(PocketTraining.base)
                    .train(of(rows, r -> Stream.of(new PromptCompletion(r.prompt, r.better))))));
  }

  static Family steps() {
    return new Family(
        "step reward model",
        "labels",
        1,
        rows ->
            closed(
                StepRewardTrainer.of(PocketTraining.base)
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

  static Family hindsight() {
    return new Family(
        "hindsight",
        "chains",
        4,
        rows -> closed(HindsightTrainer.of(PocketTraining.base).train(pairs(rows))));
  }

  static Family alol() {
    return new Family(
        "a-lol",
        "answers",
        2,
        rows ->
            closed(
                AlolTrainer.of(PocketTraining.base)
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
            rows ->
                closed(
                    PreferenceTrainer.of(PocketTraining.base, PreferenceLoss.dpo(0.1))
                        .train(pairs(rows)))),
        new Family(
            "hinge",
            "pairs",
            1,
            rows ->
                closed(
                    PreferenceTrainer.of(PocketTraining.base, PreferenceLoss.hinge(0.1))
                        .train(pairs(rows)))),
        new Family(
            "cringe of pairs",
            "pairs",
            1,
            rows ->
                closed(
                    CringeTrainer.of(PocketTraining.base)
                        .trainPairs(pairs(rows), PairGate.of(0, 1)))),
        new Family(
            "reward model",
            "pairs",
            1,
            rows -> closed(RewardModelTrainer.of(PocketTraining.base).train(pairs(rows)))));
  }

  /** Those of single labelled answers. */
  static Stream<Family> ofLabels() {
    return Stream.of(
        new Family(
            "kto",
            "labels",
            2,
            rows ->
                closed(
                    UnpairedTrainer.of(PocketTraining.base, UnpairedLoss.kto(0.1))
                        .train(labels(rows)))),
        new Family(
            "bco",
            "labels",
            2,
            rows ->
                closed(
                    UnpairedTrainer.of(PocketTraining.base, UnpairedLoss.bco(0.1))
                        .train(labels(rows)))),
        new Family(
            "cringe",
            "labels",
            2,
            rows -> closed(CringeTrainer.of(PocketTraining.base).train(labels(rows)))),
        new Family(
            "outcome reward model",
            "labels",
            2,
            rows -> closed(OutcomeRewardTrainer.of(PocketTraining.base).train(labels(rows)))));
  }

  /** Those of rankings. */
  static Stream<Family> ofRankings() {
    return Stream.of(
        new Family(
            "rrhf",
            "rankings",
            1,
            rows ->
                closed(
                    RankingTrainer.of(PocketTraining.base, RankingLoss.rrhf())
                        .train(rankings(rows)))),
        new Family(
            "plackett-luce",
            "rankings",
            1,
            rows ->
                closed(
                    RankingTrainer.of(PocketTraining.base, RankingLoss.plackettLuce(0.1))
                        .train(rankings(rows)))),
        new Family(
            "reward model of rankings",
            "rankings",
            1,
            rows -> closed(RankingRewardTrainer.of(PocketTraining.base).train(rankings(rows)))));
  }

  static Family costs() {
    return new Family(
        "cost model",
        "pairs",
        1,
        rows ->
            closed(
                CostModelTrainer.of(PocketTraining.base)
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
}
