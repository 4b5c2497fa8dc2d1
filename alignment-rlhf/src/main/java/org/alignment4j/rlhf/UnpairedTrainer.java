package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.MismatchedAnswers;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.alignment4j.rlhf.data.UnpairedExamples;
import org.alignment4j.rlhf.loss.BcoLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Learning from answers that were found good or bad each by itself, without pairs. The model stays
 * near the model it starts from, or {@linkplain #reference(DecoderModel) another}, whose
 * log-probabilities are computed once, before training. Immutable.
 *
 * <pre>{@code
 * DecoderModel aligned =
 *     UnpairedTrainer.of(base, UnpairedLoss.kto(0.1))
 *         .adapter(Lora.rank(16))
 *         .learningRate(1e-4)
 *         .train(labels)
 *         .model();
 * }</pre>
 *
 * <p>What the rewards of an update are compared with is taken over the whole update, under the
 * model before it and without noise: for {@link UnpairedLoss#kto} z₀, from the answers of {@link
 * MismatchedAnswers}; for {@link UnpairedLoss#bco} δ, which a checkpoint keeps.
 *
 * <p>Metrics of each update: {@code loss}, {@code rewards/chosen}, {@code rewards/rejected}, {@code
 * rewards/margins}, {@code logps/chosen}, {@code logps/rejected}, {@code lengths/chosen}, {@code
 * lengths/rejected} (tokens of an answer, end token included), where {@code chosen} means the good
 * answers and {@code rejected} the bad ones and what an update has none of is left out; and {@code
 * kl} (z₀) or {@code delta} (δ); with {@link #distributionMatching}, {@code weights/rejected}: the
 * mean weight of the bad answers.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UnpairedTrainer extends ReferencedTrainer<UnpairedTrainer> {

  private final ReferenceModel reference;
  private final UnpairedLoss loss;
  private final @Nullable DistributionMatching matching;

  private UnpairedTrainer(
      ReferenceModel reference,
      UnpairedLoss loss,
      FineTuningOptions options,
      @Nullable DistributionMatching matching) {
    super(options);
    this.reference = reference;
    this.loss = Objects.requireNonNull(loss, "loss");
    this.matching = matching;
  }

  /**
   * Returns a trainer with a learning rate of 1e-6 and otherwise the settings of {@link
   * FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4. All losses share the rate of
   * KTO; TRL has 5e-7 for BCO.
   *
   * @param base where training starts, and the reference unless another is given; left as it is
   * @param loss what is minimised
   * @return the trainer
   */
  public static UnpairedTrainer of(DecoderModel base, UnpairedLoss loss) {
    return new UnpairedTrainer(
        new ReferenceModel(Objects.requireNonNull(base, "base")),
        loss,
        FineTuningOptions.of(1e-6),
        null);
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param loss what is minimised
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<UnpairedLabel> learner(
      UnpairedLoss loss, UnaryOperator<UnpairedTrainer> settings) {
    return (model, examples, context) -> {
      UnpairedTrainer trainer = settings.apply(of(TrainingRun.decoder(model), loss));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public UnpairedTrainer options(FineTuningOptions newOptions) {
    return new UnpairedTrainer(reference, loss, newOptions, matching);
  }

  @Override
  UnpairedTrainer measuredAgainst(DecoderModel other) {
    return new UnpairedTrainer(reference.instead(other), loss, options(), matching);
  }

  /**
   * Returns a trainer by {@link UnpairedLoss#bco} that weighs the losses of bad answers so that
   * their prompts are distributed as those of good ones.
   *
   * @param how embeddings of prompts, and bounds of the weights
   * @return the trainer
   * @throws IllegalArgumentException when the loss is another
   */
  public UnpairedTrainer distributionMatching(DistributionMatching how) {
    if (!(loss instanceof BcoLoss)) {
      throw new IllegalArgumentException(
          "distributionMatching must be with UnpairedLoss.bco but the loss is " + loss);
    }
    return new UnpairedTrainer(reference, loss, options(), Objects.requireNonNull(how, "how"));
  }

  /**
   * Learns from labelled answers. Labels of one kind only are allowed, and warned of with their
   * number: good answers then become ever likelier than the reference has them, or bad ones less
   * likely, and nothing tells the kinds apart. Metrics of the kind that is missing are absent.
   *
   * @param labels at least one; at least two with different prompts where the loss has the
   *     reference point z₀
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming its index), none fits the
   *     limits, the limits exceed the context of the model or of a given reference, every label has
   *     a weight of 0, distributions are matched and labels are of one kind or embeddings do not
   *     fit together, or the loss has the reference point z₀ and the batch size is 1 or an update
   *     cannot be paired with other prompts
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends UnpairedLabel> labels) {
    FineTuningOptions o = options();
    DecoderModel base = reference.base();
    Encoders.requireKnown(base, "labels", labels, UnpairedLabel::prompt);
    SequenceLimits limits = Encoders.limits(base, o);
    UnpairedExamples encoded = UnpairedExamples.encode(labels, Encoders.of(base), limits);
    List<UnpairedExample> examples = encoded.examples();
    LabelKinds kinds = LabelKinds.of(examples);
    requireWeight(kinds);
    if (matching != null) {
      kinds.requireBoth();
    }
    kinds.warn();
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    MismatchedAnswers mismatched =
        loss.referencePoint() == UnpairedLoss.ReferencePoint.MISMATCHED_KL
            ? MismatchedAnswers.of(examples, epochs, limits.maxLength())
            : new MismatchedAnswers(List.of(), List.of());
    List<Answers> all = new ArrayList<>(mismatched.pairs());
    examples.forEach(e -> all.add(e.answers()));
    RowPlan plan = RowPlans.ofAnswers(all, base.architecture().config());
    DecoderModel frozen = reference.model(limits.maxLength());
    UnpairedReference logProbs =
        UnpairedReference.of(
            frozen,
            examples,
            mismatched.pairs(),
            RowPlans.ofAnswers(all, frozen.architecture().config()),
            o.cancellation(),
            o.runFolder(),
            matching == null
                ? null
                : () -> matching.weights(frozen, labels, examples, o.seed(), o.cancellation()));
    return new TrainingRun("unpaired", base, o)
        .train(
            new UnpairedObjective(loss),
            ReferencedSource.of(
                new UnpairedSource(loss, examples, mismatched, logProbs, plan, epochs, matching),
                reference),
            encoded.report());
  }

  /** Refuses labels that all count nothing. */
  private void requireWeight(LabelKinds kinds) {
    if ((kinds.desirable() == 0 || loss.desirableWeight() == 0)
        && (kinds.undesirable() == 0 || loss.undesirableWeight() == 0)) {
      throw new IllegalArgumentException(
          ("labels must hold one that counts but %s are desirable, with a weight of %s, and %s"
                  + " undesirable, with one of %s; raise a weight, or add labels of the other kind")
              .formatted(
                  kinds.desirable(),
                  loss.desirableWeight(),
                  kinds.undesirable(),
                  loss.undesirableWeight()));
    }
  }
}
