package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.JudgedSequence;
import org.alignment4j.rlhf.data.JudgedSequences;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Process and outcome reward models of a real small model, from text to probabilities. */
class StepRewardTrainerTest extends PocketTraining {

  private static final double STILL = 1e-30;

  /** A good step, one that was not judged, a bad one. */
  private static List<StepLabels> labels() {
    List<StepLabels> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(
          new StepLabels(
              new StepwiseSolution(
                  pair.prompt(), List.of(" a big red ball.", " It was fun.", " He lost the car.")),
              List.of(OptionalDouble.of(1), OptionalDouble.empty(), OptionalDouble.of(0.25))));
    }
    return labels;
  }

  private static List<UnpairedLabel> outcomes() {
    List<UnpairedLabel> outcomes = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      outcomes.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      outcomes.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
    }
    return outcomes;
  }

  private static StepRewardTrainer steps() {
    return StepRewardTrainer.of(base).learningRate(1e-3).batchSize(3).epochs(10).seed(3);
  }

  private static double crossEntropy(double probability, double correctness) {
    return -correctness * Math.log(probability) - (1 - correctness) * Math.log(1 - probability);
  }

  private static List<double[]> score(TrainedStepRewardModel model) {
    return model.scoreSteps(
        labels().stream().map(StepLabels::solution).toList(), CancellationToken.none());
  }

  /** Probabilities of packed rows are those of single prefixes, and the loss is theirs. */
  @Test
  void theLossIsThatOfTheProbabilities() {
    StepRewardTrainer.Result result =
        steps().learningRate(STILL).batchSize(6).epochs(1).train(labels());
    try (TrainedStepRewardModel model = result.model()) {
      double sum = 0;
      for (double[] probabilities : score(model)) {
        assertThat(probabilities).hasSize(3);
        sum += crossEntropy(probabilities[0], 1) + crossEntropy(probabilities[2], 0.25);
      }
      assertThat(value(result.run().metrics().get(0), "loss")).isCloseTo(sum / 12, within(1e-4));
    }
    result = steps().lastStepOnly().learningRate(STILL).batchSize(6).epochs(1).train(labels());
    try (TrainedStepRewardModel model = result.model()) {
      double sum = 0;
      for (double[] probabilities : score(model)) {
        sum += crossEntropy(probabilities[2], 0.25);
      }
      assertThat(value(result.run().metrics().get(0), "loss")).isCloseTo(sum / 6, within(1e-4));
    }
  }

  @Test
  void stepsAreLearntSavedAndLoaded(@TempDir Path folder) {
    StepRewardTrainer.Result result = steps().train(labels());
    try (TrainedStepRewardModel model = result.model()) {
      Metrics last = result.run().metrics().get(19);
      assertThat(value(last, "accuracy")).isEqualTo(1);
      List<double[]> scores = score(model);
      assertThat(scores.get(0)[0]).isGreaterThan(0.7);
      assertThat(scores.get(0)[2]).isBetween(0.05, 0.45);
      model.save(folder);
      try (TrainedStepRewardModel again =
          TrainedStepRewardModel.load(folder, "\n", ModelOptions.defaults())) {
        assertThat(score(again).get(5)).containsExactly(scores.get(5), within(1e-5));
      }
    }
  }

  @Test
  void stepsEndWithTheSeparatorAndThoseBeyondTheLimitAreLeftOut() {
    JudgedSequences all =
        JudgedSequences.ofSteps(labels(), Encoders.of(base), base.tokenizer(), "\n", false, 200);
    JudgedSequence first = all.sequences().get(0);
    TokenIds separator = base.tokenizer().encode("\n");
    for (int end : first.positions()) {
      assertThat(first.ids().slice(end + 1 - separator.size(), end + 1)).isEqualTo(separator);
    }
    assertThat(first.correctness()).containsExactly(1.0, 0.25);
    int limit = first.positions().get(1);
    JudgedSequences cut =
        JudgedSequences.ofSteps(
            labels().subList(0, 1), Encoders.of(base), base.tokenizer(), "\n", false, limit);
    assertThat(cut.sequences().get(0).correctness()).containsExactly(1.0);
    assertThat(cut.report().completionsCut()).isEqualTo(1);
    assertThatThrownBy(
            () ->
                JudgedSequences.ofSteps(
                    labels(), Encoders.of(base), base.tokenizer(), "\n", false, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no judged step lies within 4 tokens");
    StepLabels divided =
        new StepLabels(
            new StepwiseSolution(Prompt.text("x"), List.of("a", "b\nc")),
            List.of(OptionalDouble.of(1), OptionalDouble.of(1)));
    assertThatThrownBy(() -> steps().train(List.of(divided)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labels[0]: steps[1] must not contain the separator");
    assertThatThrownBy(() -> steps().separator("")).hasMessage("separator must not be empty");
  }

  @Test
  void outcomesAreLearntAtEveryToken() {
    JudgedSequences encoded =
        JudgedSequences.ofOutcomes(outcomes(), Encoders.of(base), SequenceLimits.of(100));
    JudgedSequence first = encoded.sequences().get(0);
    assertThat(first.positions().get(first.positions().size() - 1))
        .isEqualTo(first.ids().size() - 1);
    assertThat(first.positions()).hasSize(base.tokenizer().encode(" a big red ball.").size() + 1);
    OutcomeRewardTrainer trainer =
        OutcomeRewardTrainer.of(base).learningRate(1e-3).batchSize(6).epochs(10).seed(3);
    RewardModelResult result = trainer.train(outcomes());
    try (TrainedRewardModel model = result.model();
        TrainedRewardModel learnt =
            (TrainedRewardModel)
                OutcomeRewardTrainer.learner(t -> t.learningRate(1e-3).batchSize(6).epochs(10))
                    .train(base, outcomes(), TrainingContext.of(3))) {
      assertThat(learnt.id()).isEqualTo(model.id());
      assertThat(value(result.metrics().get(19), "loss"))
          .isLessThan(value(result.metrics().get(0), "loss"));
      for (UnpairedLabel label : outcomes()) {
        double reward =
            model
                .score(List.of(new PromptCompletion(label.prompt(), label.completion())))
                .get(0)
                .value();
        assertThat(reward > 0).isEqualTo(label.desirable());
      }
    }
  }

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    StepRewardTrainer trainer = steps().epochs(3).checkpointEvery(2);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 3)
                    .train(labels()))
        .isInstanceOf(CancelledException.class);
    try (TrainedStepRewardModel resumed = trainer.runFolder(folder).train(labels()).model();
        TrainedStepRewardModel whole = trainer.train(labels()).model()) {
      assertThat(resumed.id()).isEqualTo(whole.id());
    }
  }
}
