package org.alignment4j.rlhf;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.rlhf.data.HarmComparison;

/** Trainers of reward models. */
final class RewardTrainings {

  private RewardTrainings() {}

  static List<Training> all() {
    return List.of(
        Trainings.rewards("rewards", RewardModelTrainer::of, t -> t.train(Trainings.pairs())),
        Trainings.rewards(
            "rewards of every weight",
            RewardModelTrainer::of,
            t -> t.options(t.options().withAdapter(null)).train(Trainings.pairs())),
        Trainings.rewards(
            "ranking rewards", RankingRewardTrainer::of, t -> t.train(Trainings.rankings())),
        Trainings.rewards("costs", CostModelTrainer::of, t -> t.train(comparisons())),
        Trainings.rewards("outcomes", OutcomeRewardTrainer::of, t -> t.train(Trainings.labels())),
        Trainings.rewards("steps", StepRewardTrainer::of, t -> t.train(steps()).run()));
  }

  static List<HarmComparison> comparisons() {
    return Trainings.prompts().stream()
        .map(p -> new HarmComparison(p, " I harm.", " I help.", true, false))
        .toList();
  }

  static List<StepLabels> steps() {
    return Trainings.prompts().stream()
        .map(
            p ->
                new StepLabels(
                    new StepwiseSolution(p, List.of(" I think.", " I help.", " I harm.")),
                    List.of(OptionalDouble.empty(), OptionalDouble.of(1), OptionalDouble.of(0.25))))
        .toList();
  }
}
