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
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Learning from rankings: a model learns to have better answers to a prompt as likelier than worse
 * ones. All answers to a prompt are scored behind one copy of it. Where the loss has a reference,
 * it is the model training starts from, or {@linkplain #reference(DecoderModel) another}, whose
 * log-probabilities are computed once, before training. Immutable.
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
public final class RankingTrainer extends ReferencedTrainer<RankingTrainer> {

  private final ReferenceModel reference;
  private final RankingLoss loss;

  private RankingTrainer(ReferenceModel reference, RankingLoss loss, FineTuningOptions options) {
    super(options);
    this.reference = reference;
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns a trainer with a learning rate of 5e-6 and otherwise the settings of {@link
   * FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4. All losses share the rate of
   * PRO; the published run of Stable Alignment has 2e-5.
   *
   * @param base where training starts, and the reference if there is one and no other is given;
   *     left as it is
   * @param loss what is minimised
   * @return the trainer
   */
  public static RankingTrainer of(DecoderModel base, RankingLoss loss) {
    return new RankingTrainer(
        new ReferenceModel(Objects.requireNonNull(base, "base")), loss, FineTuningOptions.of(5e-6));
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
    return new RankingTrainer(reference, loss, newOptions);
  }

  @Override
  RankingTrainer measuredAgainst(DecoderModel other) {
    requireUsed(loss.needsReference(), loss);
    return new RankingTrainer(reference.instead(other), loss, options());
  }

  /**
   * Learns rankings.
   *
   * @param rankings at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming ranking and answer), no
   *     ranking fits the limits, or the limits exceed the context of the model or of a given
   *     reference
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends Ranking> rankings) {
    FineTuningOptions o = options();
    DecoderModel base = reference.base();
    Encoders.requireKnown(base, "rankings", rankings, Ranking::prompt);
    SequenceLimits limits = Encoders.limits(base, o);
    RankingExamples encoded = RankingExamples.encode(rankings, Encoders.of(base), limits);
    List<RankingExample> examples = encoded.examples();
    List<Answers> prompts = examples.stream().map(RankingExample::answers).toList();
    RowPlan plan = RowPlans.ofAnswers(prompts, base.architecture().config());
    int places = prompts.stream().mapToInt(p -> p.answers().size()).max().orElse(1);
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    RankingReference logProbs =
        loss.needsReference()
            ? RankingReference.of(
                reference.model(limits.maxLength()), prompts, o.cancellation(), o.runFolder())
            : RankingReference.none();
    return new TrainingRun("rankings", base, o)
        .train(
            new RankingObjective(loss, places),
            ReferencedSource.of(
                new RankingSource(examples, logProbs, places, plan, epochs), reference),
            encoded.report());
  }
}
