package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.rlhf.data.JudgedSequences;
import org.alignment4j.rlhf.loss.SoftCrossEntropy;
import org.alignment4j.rlhf.loss.SoftLabelLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.apiguardian.api.API;

/**
 * Training of a classifier of two classes on labels that are probabilities, as a strong model
 * learns from a weak one (Burns et al. 2023, arXiv 2312.09390): a decoder gets a head of one
 * number, read at the last token of an answer, which becomes the log-odds that the answer is good.
 * No end token follows the answer: a decoder that has learnt no task knows most where it would go
 * on writing. A saved model is loaded by {@code TrainedRewardModel.load(folder).withoutEnd()}. All
 * examples of an update are one run of the graph, since losses may look at them together; take
 * batches that fit into memory. Immutable.
 *
 * <pre>{@code
 * TrainedRewardModel student =
 *     SoftLabelTrainer.of(strong)
 *         .loss(ConfidenceLoss.of(ConfidenceLoss.WarmUp.LINEAR))
 *         .train(weakLabels)
 *         .model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss} and {@code accuracy}, the share of examples that score
 * and label put on the same side; one half where one of them is on neither.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SoftLabelTrainer extends TrainerSettings<SoftLabelTrainer> {

  private static final int BATCH = 32;

  private final RewardStart start;
  private final SoftLabelLoss loss;
  private final boolean headOnly;

  private SoftLabelTrainer(
      RewardStart start, SoftLabelLoss loss, boolean headOnly, FineTuningOptions options) {
    super(options);
    this.start = start;
    this.loss = Objects.requireNonNull(loss, "loss");
    this.headOnly = headOnly;
  }

  /**
   * Returns a trainer with {@link SoftCrossEntropy}, batches of 32, a learning rate of 1e-5 and
   * otherwise the settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as
   * 1e-4.
   *
   * @param base whose decoder is trained; left as it is. An adapter it has is trained further by an
   *     adapter of the same settings, and merged where every weight is trained
   * @return the trainer
   */
  public static SoftLabelTrainer of(DecoderModel base) {
    return of(RewardStart.newHead(base));
  }

  /**
   * Returns a trainer that trains a classifier further, head and all, with the settings of {@link
   * #of(DecoderModel)}.
   *
   * @param start of one label; left as it is, and open until training has begun. An adapter it has
   *     is trained further by an adapter of the same settings, and merged where every weight is
   *     trained
   * @return the trainer
   * @throws IllegalArgumentException when it has several labels
   */
  public static SoftLabelTrainer of(SequenceClassifier start) {
    return of(RewardStart.trained(start));
  }

  private static SoftLabelTrainer of(RewardStart start) {
    return new SoftLabelTrainer(
        start, new SoftCrossEntropy(), false, FineTuningOptions.of(1e-5).withBatchSize(BATCH));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner that takes {@link DecoderModel}s and gives {@link TrainedRewardModel}s
   */
  public static RewardLearner<SoftLabel> learner(UnaryOperator<SoftLabelTrainer> settings) {
    return (model, examples, context) -> {
      SoftLabelTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public SoftLabelTrainer options(FineTuningOptions newOptions) {
    return new SoftLabelTrainer(start, loss, headOnly, newOptions);
  }

  /**
   * Returns a trainer that minimises another loss.
   *
   * @param newLoss such as one that trusts the model's own classes
   * @return a new trainer
   */
  public SoftLabelTrainer loss(SoftLabelLoss newLoss) {
    return new SoftLabelTrainer(start, newLoss, headOnly, options());
  }

  /**
   * Returns a trainer of the head alone, a linear probe of what the decoder writes into its last
   * token: no other weight changes, so that only what the decoder represents already can be learnt.
   * A new head starts at zero, so that no random direction of it is left where training is short.
   * Rates are higher than those of whole models, such as 1e-2.
   *
   * @return a new trainer
   */
  public SoftLabelTrainer headOnly() {
    return new SoftLabelTrainer(
        start instanceof RewardStart.NewHead ? start.headDeviation(0) : start,
        loss,
        true,
        options());
  }

  /**
   * Learns labels.
   *
   * @param labels at least one
   * @return a reward model whose rewards are log-odds, and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming its index), none fits the
   *     limits, the limits exceed the model's context, or the head alone is to be trained with an
   *     adapter
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public RewardModelResult train(List<? extends SoftLabel> labels) {
    FineTuningOptions o = options();
    if (headOnly && o.adapter() != null) {
      throw new IllegalArgumentException(
          "the head alone cannot be trained with an adapter; leave adapter or headOnly out");
    }
    Encoders.requireKnown(start.architecture(), "labels", labels, SoftLabel::prompt);
    JudgedSequences encoded =
        JudgedSequences.ofSoftLabels(labels, start.withoutEnd(), start.limits(o));
    RewardModelResult result =
        new RewardRun("soft label classifier", start, o, headOnly)
            .train(
                new SoftLabelObjective(loss),
                SoftLabelSource.of(encoded.sequences(), loss, o),
                encoded.report());
    return new RewardModelResult(
        result.model().withoutEnd(), result.metrics(), result.report(), result.end());
  }
}
