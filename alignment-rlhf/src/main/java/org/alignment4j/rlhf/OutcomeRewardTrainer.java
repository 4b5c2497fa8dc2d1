package org.alignment4j.rlhf;

import java.util.List;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.rlhf.data.JudgedSequences;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.apiguardian.api.API;

/**
 * Training of an outcome reward model (Cobbe et al. 2021, arXiv 2110.14168): at every token of an
 * answer the model learns whether the answer turns out right. Its reward, read at the last token,
 * is the log-odds of that. Immutable.
 *
 * <pre>{@code
 * TrainedRewardModel verifier = OutcomeRewardTrainer.of(base).train(labels).model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss} and {@code accuracy}, both over the tokens of all
 * answers.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OutcomeRewardTrainer extends TrainerSettings<OutcomeRewardTrainer> {

  private final RewardStart start;

  private OutcomeRewardTrainer(RewardStart start, FineTuningOptions options) {
    super(options);
    this.start = start;
  }

  /**
   * Returns a trainer with a learning rate of 1e-5 and otherwise the settings of {@link
   * FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4.
   *
   * @param base whose decoder is trained; left as it is. An adapter it has is trained further by an
   *     adapter of the same settings, and merged where every weight is trained
   * @return the trainer
   */
  public static OutcomeRewardTrainer of(DecoderModel base) {
    return new OutcomeRewardTrainer(RewardStart.newHead(base), FineTuningOptions.of(1e-5));
  }

  /**
   * Returns a trainer that trains a outcome reward model further, head and all, with the settings
   * of {@link #of(DecoderModel)}.
   *
   * @param start of one label, such as {@code model.classifier()} or {@code
   *     SequenceClassifier.load(folder, options)} of a Hugging Face folder; left as it is, and open
   *     until training has begun. An adapter it has is trained further by an adapter of the same
   *     settings, and merged where every weight is trained
   * @return the trainer
   * @throws IllegalArgumentException when it has several labels
   */
  public static OutcomeRewardTrainer of(SequenceClassifier start) {
    return new OutcomeRewardTrainer(RewardStart.trained(start), FineTuningOptions.of(1e-5));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner that takes {@link DecoderModel}s and gives {@link TrainedRewardModel}s
   */
  public static RewardLearner<UnpairedLabel> learner(UnaryOperator<OutcomeRewardTrainer> settings) {
    return (model, examples, context) -> {
      OutcomeRewardTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public OutcomeRewardTrainer options(FineTuningOptions newOptions) {
    return new OutcomeRewardTrainer(start, newOptions);
  }

  /**
   * Learns outcomes.
   *
   * @param labels at least one
   * @return a reward model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming its index), none fits the
   *     limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public RewardModelResult train(List<? extends UnpairedLabel> labels) {
    FineTuningOptions o = options();
    Encoders.requireKnown(start.architecture(), "labels", labels, UnpairedLabel::prompt);
    JudgedSequences encoded = JudgedSequences.ofOutcomes(labels, start.encoder(), start.limits(o));
    return new RewardRun("outcome reward model", start, o)
        .train(
            new CorrectnessObjective(), JudgedSource.of(encoded.sequences(), o), encoded.report());
  }
}
