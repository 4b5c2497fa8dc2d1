package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.RankingExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Learning from rankings: a model learns to have better answers to a prompt as likelier than worse
 * ones. All answers to a prompt are scored behind one copy of it. Where the loss has a reference,
 * it is the model training starts from, whose log-probabilities are computed once, before training.
 * Immutable.
 *
 * <pre>{@code
 * DecoderModel aligned = RankingTrainer.of(base, RankingLoss.rrhf()).train(rankings).model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss}, {@code rewards/accuracies} (of the pairs of answers that
 * are not tied those the model ranks rightly, equal ones counted one half; 0 without such a pair),
 * {@code logps/best} (log-probability of the best answer) and {@code nll} (its mean cross-entropy
 * over its tokens).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RankingTrainer extends TrainerSettings<RankingTrainer> {

  private final DecoderModel base;
  private final RankingLoss loss;

  private RankingTrainer(DecoderModel base, RankingLoss loss, FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns a trainer with a learning rate of 5e-6 and otherwise the settings of {@link
   * FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4.
   *
   * @param base where training starts, and the reference if there is one; left as it is
   * @param loss what is minimised
   * @return the trainer
   */
  public static RankingTrainer of(DecoderModel base, RankingLoss loss) {
    return new RankingTrainer(base, loss, FineTuningOptions.of(5e-6));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param loss what is minimised
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<Ranking> learner(RankingLoss loss, UnaryOperator<RankingTrainer> settings) {
    return (model, examples, context) -> {
      RankingTrainer trainer = settings.apply(of(TrainingRun.decoder(model), loss));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public RankingTrainer options(FineTuningOptions newOptions) {
    return new RankingTrainer(base, loss, newOptions);
  }

  /**
   * Learns rankings.
   *
   * @param rankings at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming ranking and answer), no
   *     ranking fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends Ranking> rankings) {
    FineTuningOptions o = options();
    Encoders.requireKnown(base, "rankings", rankings, Ranking::prompt);
    RankingExamples encoded =
        RankingExamples.encode(rankings, Encoders.of(base), Encoders.limits(base, o));
    List<RankingExample> examples = encoded.examples();
    List<Answers> prompts = examples.stream().map(RankingExample::answers).toList();
    RowPlan plan = RowPlans.ofAnswers(prompts, base.architecture().config());
    int places = prompts.stream().mapToInt(p -> p.answers().size()).max().orElse(1);
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    RankingReference reference =
        loss.needsReference()
            ? RankingReference.of(base, prompts, plan, o.cancellation(), o.runFolder())
            : RankingReference.none();
    return new TrainingRun("rankings", base, o)
        .train(
            new RankingObjective(loss, places),
            new RankingSource(examples, reference, places, plan, epochs),
            encoded.report());
  }
}
