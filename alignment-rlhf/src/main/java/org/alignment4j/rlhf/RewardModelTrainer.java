package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.apiguardian.api.API;

/**
 * Training of a reward model: a language model's decoder gets a new head that gives one number,
 * read at the last token of an answer, its end token included, and learns to give preferred answers
 * the higher one. With an adapter the decoder's weights stay as they are and the head is trained
 * whole. A reward model that there is already is trained further, head and all. Immutable.
 *
 * <pre>{@code
 * TrainedRewardModel rewards =
 *     RewardModelTrainer.of(base).adapter(Lora.rank(16)).learningRate(1e-3).train(pairs).model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss}, {@code rewards/chosen}, {@code rewards/rejected}, {@code
 * rewards/accuracies} (ties count one half) and {@code rewards/margins}. A pair whose label is
 * right with probability p counts as p of a pair and 1 − p of the pair with answers exchanged.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardModelTrainer extends TrainerSettings<RewardModelTrainer> {

  private final RewardStart start;
  private final BradleyTerryLoss loss;

  private RewardModelTrainer(RewardStart start, BradleyTerryLoss loss, FineTuningOptions options) {
    super(options);
    this.start = start;
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns a trainer with {@link BradleyTerryLoss#standard()}, a learning rate of 1e-5 and
   * otherwise the settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as
   * 1e-4, which TRL has for both; here the rate is that of other trainings of all weights.
   *
   * @param base whose decoder is trained; left as it is. An adapter it has is trained further by an
   *     adapter of the same settings, and merged where every weight is trained
   * @return the trainer
   */
  public static RewardModelTrainer of(DecoderModel base) {
    return of(RewardStart.newHead(base));
  }

  /**
   * Returns a trainer that trains a reward model further, head and all, with the settings of {@link
   * #of(DecoderModel)}.
   *
   * @param start of one label, such as {@code model.classifier()} or {@code
   *     SequenceClassifier.load(folder, options)} of a Hugging Face folder; left as it is, and open
   *     until training has begun. An adapter it has is trained further by an adapter of the same
   *     settings, and merged where every weight is trained
   * @return the trainer
   * @throws IllegalArgumentException when it has several labels
   */
  public static RewardModelTrainer of(SequenceClassifier start) {
    return of(RewardStart.trained(start));
  }

  private static RewardModelTrainer of(RewardStart start) {
    return new RewardModelTrainer(start, BradleyTerryLoss.standard(), FineTuningOptions.of(1e-5));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner that takes {@link DecoderModel}s and gives {@link TrainedRewardModel}s
   */
  public static RewardLearner<PreferencePair> learner(UnaryOperator<RewardModelTrainer> settings) {
    return (model, examples, context) -> {
      RewardModelTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public RewardModelTrainer options(FineTuningOptions newOptions) {
    return new RewardModelTrainer(start, loss, newOptions);
  }

  /**
   * Returns a trainer that minimises another loss.
   *
   * @param newLoss with which margins and how much centring
   * @return a new trainer
   */
  public RewardModelTrainer loss(BradleyTerryLoss newLoss) {
    return new RewardModelTrainer(start, newLoss, options());
  }

  /**
   * Returns a trainer that draws the head's first weights with another standard deviation. Without
   * this it is {@code 1/sqrt(embeddingSize + 1)} (Stiennon et al. 2020); Hugging Face's classes
   * take 0.02. With 0 every reward is 0 at first.
   *
   * @param deviation finite and not negative
   * @return a new trainer
   * @throws IllegalArgumentException when the deviation is out of range, or the trainer starts from
   *     a reward model, which keeps its head
   */
  public RewardModelTrainer headDeviation(double deviation) {
    return new RewardModelTrainer(start.headDeviation(deviation), loss, options());
  }

  /**
   * Learns preferences. A pair whose label is right with probability p counts with its expected
   * loss; a pair without margin has margin 0.
   *
   * @param pairs at least one
   * @return the reward model and the metrics of every update
   * @throws IllegalArgumentException when a pair has an empty answer or equal answers (naming its
   *     index), none fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public RewardModelResult train(List<? extends PreferencePair> pairs) {
    FineTuningOptions o = options();
    Encoders.requireKnown(start.architecture(), "pairs", pairs, PreferencePair::prompt);
    PreferenceExamples encoded = PreferenceExamples.encode(pairs, start.encoder(), start.limits(o));
    List<PreferenceExample> examples = start.pairs(encoded.examples());
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    RowPlan plan = RowPlans.ofPairs(examples, start.architecture().config());
    RewardSource source = new RewardSource(examples, plan, epochs);
    return new RewardRun("reward model", start, o)
        .train(new RewardObjective(loss), source, encoded.report());
  }
}
