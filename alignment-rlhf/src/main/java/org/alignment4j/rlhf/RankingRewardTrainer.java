package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.RankingExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.RankingRewardLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.apiguardian.api.API;

/**
 * K-wise training of a reward model, on rankings of any number of answers, as {@link
 * RewardModelTrainer} does on pairs. All answers to a prompt are scored behind one copy of it.
 * Immutable.
 *
 * <pre>{@code
 * TrainedRewardModel rewards = RankingRewardTrainer.of(base).train(rankings).model();
 * }</pre>
 *
 * <p>Metrics of each update, over the pairs of answers that are not tied: {@code loss}, {@code
 * rewards/accuracies} (equal rewards count one half) and {@code rewards/margins}; 0 without such a
 * pair.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RankingRewardTrainer extends TrainerSettings<RankingRewardTrainer> {

  private final RewardStart start;
  private final RankingRewardLoss loss;

  private RankingRewardTrainer(
      RewardStart start, RankingRewardLoss loss, FineTuningOptions options) {
    super(options);
    this.start = start;
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns a trainer with {@link RankingRewardLoss#plackettLuce()}, a learning rate of 1e-5 and
   * otherwise the settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as
   * 1e-4.
   *
   * @param base whose decoder is trained; left as it is. An adapter it has is trained further by an
   *     adapter of the same settings, and merged where every weight is trained
   * @return the trainer
   */
  public static RankingRewardTrainer of(DecoderModel base) {
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
  public static RankingRewardTrainer of(SequenceClassifier start) {
    return of(RewardStart.trained(start));
  }

  private static RankingRewardTrainer of(RewardStart start) {
    return new RankingRewardTrainer(
        start, RankingRewardLoss.plackettLuce(), FineTuningOptions.of(1e-5));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner that takes {@link DecoderModel}s and gives {@link TrainedRewardModel}s
   */
  public static RewardLearner<Ranking> learner(UnaryOperator<RankingRewardTrainer> settings) {
    return (model, examples, context) -> {
      RankingRewardTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public RankingRewardTrainer options(FineTuningOptions newOptions) {
    return new RankingRewardTrainer(start, loss, newOptions);
  }

  /**
   * Returns a trainer that minimises another loss.
   *
   * @param newLoss how answers are compared, and how many places count
   * @return a new trainer
   */
  public RankingRewardTrainer loss(RankingRewardLoss newLoss) {
    return new RankingRewardTrainer(start, newLoss, options());
  }

  /**
   * Returns a trainer that draws the head's first weights with another standard deviation than
   * {@code 1/sqrt(embeddingSize + 1)}.
   *
   * @param deviation finite and not negative
   * @return a new trainer
   * @throws IllegalArgumentException when the deviation is out of range, or the trainer starts from
   *     a reward model, which keeps its head
   */
  public RankingRewardTrainer headDeviation(double deviation) {
    return new RankingRewardTrainer(start.headDeviation(deviation), loss, options());
  }

  /**
   * Learns rankings.
   *
   * @param rankings at least one
   * @return a reward model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming ranking and answer), no
   *     ranking fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public RewardModelResult train(List<? extends Ranking> rankings) {
    FineTuningOptions o = options();
    Encoders.requireKnown(start.architecture(), "rankings", rankings, Ranking::prompt);
    RankingExamples encoded = RankingExamples.encode(rankings, start.encoder(), start.limits(o));
    List<RankingExample> examples = start.rankings(encoded.examples());
    List<Answers> prompts = examples.stream().map(RankingExample::answers).toList();
    RowPlan plan = RowPlans.ofAnswers(prompts, start.architecture().config());
    int places = prompts.stream().mapToInt(p -> p.answers().size()).max().orElse(1);
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    return new RewardRun("reward model of rankings", start, o)
        .train(
            new RankingRewardObjective(loss, places),
            new RankingRewardSource(examples, places, plan, epochs),
            encoded.report());
  }
}
