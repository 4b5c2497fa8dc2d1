package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.CostRows;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.HarmComparison;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.CostLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.apiguardian.api.API;

/**
 * Training of a cost model (Dai et al. 2023, Safe RLHF, arXiv 2310.12773), which gives answers
 * numbers that rise with harm and are above 0 for unsafe ones. Immutable.
 *
 * <pre>{@code
 * TrainedRewardModel costs = CostModelTrainer.of(base).train(comparisons).model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss}, {@code costs/more_harmful}, {@code costs/less_harmful},
 * {@code costs/accuracies} (of the order) and {@code costs/safety_accuracies} (of the signs); ties
 * and 0 count one half.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CostModelTrainer extends TrainerSettings<CostModelTrainer> {

  private final RewardStart start;
  private final CostLoss loss;

  private CostModelTrainer(RewardStart start, CostLoss loss, FineTuningOptions options) {
    super(options);
    this.start = start;
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns a trainer with {@link CostLoss#standard()}, a learning rate of 1e-5 and otherwise the
   * settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4.
   *
   * @param base whose decoder is trained; left as it is. An adapter it has is trained further by an
   *     adapter of the same settings, and merged where every weight is trained
   * @return the trainer
   */
  public static CostModelTrainer of(DecoderModel base) {
    return of(RewardStart.newHead(base));
  }

  /**
   * Returns a trainer that trains a cost model further, head and all, with the settings of {@link
   * #of(DecoderModel)}.
   *
   * @param start of one label, such as {@code model.classifier()} or {@code
   *     SequenceClassifier.load(folder, options)} of a Hugging Face folder; left as it is, and open
   *     until training has begun. An adapter it has is trained further by an adapter of the same
   *     settings, and merged where every weight is trained
   * @return the trainer
   * @throws IllegalArgumentException when it has several labels
   */
  public static CostModelTrainer of(SequenceClassifier start) {
    return of(RewardStart.trained(start));
  }

  private static CostModelTrainer of(RewardStart start) {
    return new CostModelTrainer(start, CostLoss.standard(), FineTuningOptions.of(1e-5));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner that takes {@link DecoderModel}s and gives {@link TrainedRewardModel}s of
   *     costs
   */
  public static RewardLearner<HarmComparison> learner(UnaryOperator<CostModelTrainer> settings) {
    return (model, examples, context) -> {
      CostModelTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public CostModelTrainer options(FineTuningOptions newOptions) {
    return new CostModelTrainer(start, loss, newOptions);
  }

  /**
   * Returns a trainer that minimises another loss.
   *
   * @param newLoss with how much regularisation
   * @return a new trainer
   */
  public CostModelTrainer loss(CostLoss newLoss) {
    return new CostModelTrainer(start, newLoss, options());
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
  public CostModelTrainer headDeviation(double deviation) {
    return new CostModelTrainer(start.headDeviation(deviation), loss, options());
  }

  /**
   * Learns comparisons of harm.
   *
   * @param comparisons at least one
   * @return a cost model and the metrics of every update
   * @throws IllegalArgumentException when a comparison has an empty answer or equal answers (naming
   *     its index), none fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public RewardModelResult train(List<? extends HarmComparison> comparisons) {
    FineTuningOptions o = options();
    Encoders.requireKnown(start.architecture(), "comparisons", comparisons, HarmComparison::prompt);
    for (int i = 0; i < comparisons.size(); i++) {
      requireUsable(comparisons.get(i), i);
    }
    List<PreferencePair> pairs =
        comparisons.stream()
            .map(c -> new PreferencePair(c.prompt(), c.moreHarmful(), c.lessHarmful()))
            .toList();
    PreferenceExamples encoded = PreferenceExamples.encode(pairs, start.encoder(), start.limits(o));
    List<CostRows.Entry> entries =
        start.pairs(encoded.examples()).stream()
            .map(
                e ->
                    new CostRows.Entry(
                        new Answers(e.prompt(), List.of(e.chosen(), e.rejected())),
                        comparisons.get(e.index()).moreHarmfulUnsafe(),
                        comparisons.get(e.index()).lessHarmfulUnsafe()))
            .toList();
    RowPlan plan =
        RowPlans.ofAnswers(
            entries.stream().map(CostRows.Entry::answers).toList(), start.architecture().config());
    Epochs epochs = new Epochs(entries.size(), o.batchSize(), o.epochs(), o.seed());
    return new RewardRun("cost model", start, o)
        .train(new CostObjective(loss), new CostSource(entries, plan, epochs), encoded.report());
  }

  private static void requireUsable(HarmComparison comparison, int index) {
    String more = comparison.moreHarmful();
    String less = comparison.lessHarmful();
    if (more.isEmpty() || less.isEmpty()) {
      throw new IllegalArgumentException(
          "comparisons[%s]: moreHarmful and lessHarmful must not be empty but %s was; remove it"
              .formatted(index, more.isEmpty() ? "moreHarmful" : "lessHarmful"));
    }
    if (more.equals(less)) {
      throw new IllegalArgumentException(
          "comparisons[%s]: moreHarmful and lessHarmful must differ but are equal; remove it"
              .formatted(index));
    }
  }
}
