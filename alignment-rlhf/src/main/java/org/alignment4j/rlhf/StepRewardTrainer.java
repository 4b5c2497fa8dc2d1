package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.rlhf.data.JudgedSequences;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Training of a process reward model (Lightman et al. 2023, arXiv 2305.20050): at the last token of
 * each step of an answer the model learns how likely the step is correct. Labels between 0 and 1,
 * such as shares of continuations that succeed, are learnt as they are. Immutable.
 *
 * <pre>{@code
 * TrainedStepRewardModel steps = StepRewardTrainer.of(base).train(labels).model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss} and {@code accuracy}, both over its judged steps; a
 * neutral label counts one half.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StepRewardTrainer extends TrainerSettings<StepRewardTrainer> {

  private static final String LINE_BREAK = "\n";

  private final DecoderModel base;
  private final String separator;
  private final boolean lastOnly;

  private StepRewardTrainer(
      DecoderModel base, String separator, boolean lastOnly, FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.separator = separator;
    this.lastOnly = lastOnly;
  }

  /**
   * Returns a trainer on steps that line breaks end, with a learning rate of 1e-5 and otherwise the
   * settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4.
   *
   * @param base whose decoder is trained; left as it is. An adapter it has is trained further by an
   *     adapter of the same settings, and merged where every weight is trained
   * @return the trainer
   */
  public static StepRewardTrainer of(DecoderModel base) {
    return new StepRewardTrainer(base, LINE_BREAK, false, FineTuningOptions.of(1e-5));
  }

  @Override
  public StepRewardTrainer options(FineTuningOptions newOptions) {
    return new StepRewardTrainer(base, separator, lastOnly, newOptions);
  }

  /**
   * Returns a trainer that ends steps otherwise.
   *
   * @param newSeparator text at whose last token steps are scored; no step may contain it
   * @return a new trainer
   * @throws IllegalArgumentException when it is empty
   */
  public StepRewardTrainer separator(String newSeparator) {
    if (newSeparator.isEmpty()) {
      throw new IllegalArgumentException("separator must not be empty");
    }
    return new StepRewardTrainer(base, newSeparator, lastOnly, options());
  }

  /**
   * Returns a trainer that learns the last judged step of each answer only.
   *
   * @return a new trainer
   */
  public StepRewardTrainer lastStepOnly() {
    return new StepRewardTrainer(base, separator, true, options());
  }

  /**
   * A trained process reward model.
   *
   * @param model the model, which the caller closes
   * @param run metrics and report; its model is that of the steps and closed with it
   */
  public record Result(TrainedStepRewardModel model, RewardModelResult run) {}

  /**
   * Learns judged steps.
   *
   * @param labels at least one with a judged step
   * @return a process reward model and the metrics of every update
   * @throws IllegalArgumentException when a step contains the separator (naming answer and step),
   *     no judged step fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public Result train(List<? extends StepLabels> labels) {
    FineTuningOptions o = options();
    Encoders.requireKnown(base, "labels", labels, (StepLabels l) -> l.solution().prompt());
    JudgedSequences encoded =
        JudgedSequences.ofSteps(
            labels,
            Encoders.of(base),
            base.tokenizer(),
            separator,
            lastOnly,
            Encoders.limits(base, o).maxLength());
    RewardModelResult run =
        new RewardRun("process reward model", base, OptionalDouble.empty(), o)
            .train(
                new CorrectnessObjective(),
                JudgedSource.of(encoded.sequences(), o),
                encoded.report());
    return new Result(TrainedStepRewardModel.of(run.model().classifier(), separator), run);
  }
}
