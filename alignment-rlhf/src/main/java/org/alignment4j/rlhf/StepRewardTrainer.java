package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.rlhf.data.JudgedSequences;
import org.alignment4j.rlhf.reward.StepAggregation;
import org.alignment4j.rlhf.reward.StepwiseRewardModel;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
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

  private final RewardStart start;
  private final String separator;
  private final boolean lastOnly;

  private StepRewardTrainer(
      RewardStart start, String separator, boolean lastOnly, FineTuningOptions options) {
    super(options);
    this.start = start;
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
    return of(RewardStart.newHead(base), LINE_BREAK);
  }

  /**
   * Returns a trainer that trains a process reward model further, head and all, with the settings
   * of {@link #of(DecoderModel)}.
   *
   * @param start of one label, such as {@code model.classifier()} or {@code
   *     SequenceClassifier.load(folder, options)} of a Hugging Face folder; left as it is, and open
   *     until training has begun. An adapter it has is trained further by an adapter of the same
   *     settings, and merged where every weight is trained
   * @return the trainer
   * @throws IllegalArgumentException when it has several labels
   */
  public static StepRewardTrainer of(SequenceClassifier start) {
    return of(RewardStart.trained(start), LINE_BREAK);
  }

  /**
   * Returns a trainer that trains a process reward model further, on steps that its separator ends,
   * and otherwise as {@link #of(SequenceClassifier)} does.
   *
   * @param start left as it is, and open until training has begun
   * @return the trainer
   */
  public static StepRewardTrainer of(TrainedStepRewardModel start) {
    return of(RewardStart.trained(start.classifier()), start.separator());
  }

  private static StepRewardTrainer of(RewardStart start, String separator) {
    return new StepRewardTrainer(start, separator, false, FineTuningOptions.of(1e-5));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param aggregation makes the reward of an answer from those of its steps
   * @param settings everything else
   * @return a learner that takes {@link DecoderModel}s and gives {@link StepwiseRewardModel}s over
   *     {@link TrainedStepRewardModel}s
   */
  public static RewardLearner<StepLabels> learner(
      StepAggregation aggregation, UnaryOperator<StepRewardTrainer> settings) {
    Objects.requireNonNull(aggregation, "aggregation");
    return (model, examples, context) -> {
      StepRewardTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      Result result = trainer.options(trainer.options().withContext(context)).train(examples);
      return StepwiseRewardModel.of(result.model(), trainer.separator, aggregation);
    };
  }

  @Override
  public StepRewardTrainer options(FineTuningOptions newOptions) {
    return new StepRewardTrainer(start, separator, lastOnly, newOptions);
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
    return new StepRewardTrainer(start, newSeparator, lastOnly, options());
  }

  /**
   * Returns a trainer that learns the last judged step of each answer only.
   *
   * @return a new trainer
   */
  public StepRewardTrainer lastStepOnly() {
    return new StepRewardTrainer(start, separator, true, options());
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
    Encoders.requireKnown(
        start.architecture(), "labels", labels, (StepLabels l) -> l.solution().prompt());
    JudgedSequences encoded =
        JudgedSequences.ofSteps(
            labels,
            start.encoder(),
            start.tokenizer(),
            separator,
            lastOnly,
            start.limits(o).maxLength());
    RewardModelResult run =
        new RewardRun("process reward model", start, o)
            .train(
                new CorrectnessObjective(),
                JudgedSource.of(encoded.sequences(), o),
                encoded.report());
    return new Result(TrainedStepRewardModel.of(run.model().classifier(), separator), run);
  }
}
