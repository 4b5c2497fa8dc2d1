package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.WpoLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.UpdateSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Preference optimisation: a model learns to prefer some answers to others. With a loss that uses a
 * reference it stays near the model it starts from, or {@linkplain #reference(DecoderModel)
 * another}, whose log-probabilities are computed once, before training; with a {@linkplain
 * PreferenceLoss#usesReference() loss that uses none} none are computed or kept. Immutable.
 *
 * <pre>{@code
 * DecoderModel aligned =
 *     PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
 *         .adapter(Lora.rank(16))
 *         .learningRate(1e-4)
 *         .train(pairs)
 *         .model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss}, {@code rewards/chosen}, {@code rewards/rejected}, {@code
 * rewards/accuracies}, {@code rewards/margins}, {@code logps/chosen}, {@code logps/rejected},
 * {@code lengths/chosen} and {@code lengths/rejected}, where rewards are {@linkplain
 * PreferenceLoss#reward those of the loss}, log-probabilities are summed over tokens, and lengths
 * are the tokens of an answer, end token included; and {@linkplain PreferenceLoss#metrics those of
 * the loss's own}, such as {@code nll_loss} and {@code log_odds_ratio}. A pair whose label is right
 * with probability p counts as p of a pair and 1 − p of the pair with answers exchanged. Rewards
 * that differ by no more than rounding are a tie, half an accuracy: so is every pair of the first
 * update with a reference, where the model is the reference.
 *
 * <p>The {@linkplain PreferencePair#margin() margin} of a pair is not read, since no loss here has
 * a term for it: pairs with and without one train the same model. Reward models read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PreferenceTrainer extends ReferencedTrainer<PreferenceTrainer> {

  private final ReferenceModel reference;
  private final PreferenceLoss loss;
  private final @Nullable ReferenceSync sync;
  private final PairWeighting weighting;

  private PreferenceTrainer(
      ReferenceModel reference,
      PreferenceLoss loss,
      @Nullable ReferenceSync sync,
      PairWeighting weighting,
      FineTuningOptions options) {
    super(options);
    this.reference = reference;
    this.loss = Objects.requireNonNull(loss, "loss");
    this.sync = sync;
    this.weighting = Objects.requireNonNull(weighting, "weighting");
  }

  /**
   * Returns a trainer with a learning rate of 1e-6 and otherwise the settings of {@link
   * FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4.
   *
   * @param base where training starts, and the reference of a loss that uses one unless another is
   *     given; left as it is
   * @param loss what is minimised
   * @return the trainer
   */
  public static PreferenceTrainer of(DecoderModel base, PreferenceLoss loss) {
    return new PreferenceTrainer(
        new ReferenceModel(Objects.requireNonNull(base, "base")),
        loss,
        null,
        PairWeighting.EQUAL,
        FineTuningOptions.of(1e-6));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param loss what is minimised
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<PreferencePair> learner(
      PreferenceLoss loss, UnaryOperator<PreferenceTrainer> settings) {
    return (model, examples, context) -> {
      PreferenceTrainer trainer = settings.apply(of(TrainingRun.decoder(model), loss));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public PreferenceTrainer options(FineTuningOptions newOptions) {
    return new PreferenceTrainer(reference, loss, sync, weighting, newOptions);
  }

  /**
   * Returns a trainer whose reference follows the model (TR-DPO). Its log-probabilities are then
   * computed at every update, and the reference is kept in checkpoints.
   *
   * @param newSync how it follows
   * @return a new trainer
   * @throws IllegalArgumentException when the loss uses no reference, or one was given
   */
  public PreferenceTrainer referenceSync(ReferenceSync newSync) {
    if (reference.given() != null) {
      throw fixedAndMoving();
    }
    if (!loss.usesReference()) {
      throw new IllegalArgumentException(
          "referenceSync must be of a loss with reference but the loss was " + loss);
    }
    return new PreferenceTrainer(
        reference, loss, Objects.requireNonNull(newSync, "newSync"), weighting, options());
  }

  @Override
  PreferenceTrainer measuredAgainst(DecoderModel other) {
    requireUsed(loss.usesReference(), loss);
    if (sync != null) {
      throw fixedAndMoving();
    }
    return new PreferenceTrainer(reference.instead(other), loss, sync, weighting, options());
  }

  private static IllegalArgumentException fixedAndMoving() {
    return new IllegalArgumentException(
        "a reference is given or follows the model but both were asked for: one that follows has"
            + " the model's own parameters at first; leave reference(...) or referenceSync(...)"
            + " out");
  }

  /**
   * Returns a trainer that weighs pairs in another way.
   *
   * @param newWeighting how much each counts
   * @return a new trainer
   * @throws IllegalArgumentException when the loss compares all pairs of an update or weighs them
   *     itself
   */
  public PreferenceTrainer weighting(PairWeighting newWeighting) {
    if (newWeighting != PairWeighting.EQUAL
        && (loss.inputs().contains(PairInput.WHOLE_UPDATE) || loss instanceof WpoLoss)) {
      throw new IllegalArgumentException(
          "weighting must be EQUAL for a loss that is not one of single pairs without weights but"
              + " was "
              + newWeighting
              + " for "
              + loss);
    }
    return new PreferenceTrainer(reference, loss, sync, newWeighting, options());
  }

  /**
   * Learns preferences. A pair whose label is right with probability p counts with its expected
   * loss.
   *
   * @param pairs at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when a pair has an empty answer or equal answers, or an
   *     uncertain label and the loss compares all pairs of an update (naming its index), none fits
   *     the limits, or the limits exceed the context of the model or of a given reference
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends PreferencePair> pairs) {
    FineTuningOptions o = options();
    DecoderModel base = reference.base();
    Encoders.requireKnown(base, "pairs", pairs, PreferencePair::prompt);
    SequenceLimits limits = Encoders.limits(base, o);
    PreferenceExamples encoded = PreferenceExamples.encode(pairs, Encoders.of(base), limits);
    List<PreferenceExample> examples = encoded.examples();
    RowPlan plan = RowPlans.ofPairs(examples, base.architecture().config());
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    CertainLabels.require(loss, examples);
    boolean uncertain = examples.stream().anyMatch(e -> e.probability() < 1);
    PreferenceSource data =
        new PreferenceSource(examples, logProbs(examples, limits), plan, epochs, loss.inputs());
    UpdateSource source =
        sync == null && weighting == PairWeighting.EQUAL
            ? data
            : new PresentPreferenceSource(data, sync, weighting);
    return new TrainingRun("preferences", base, o)
        .train(
            new PreferenceObjective(loss, uncertain),
            ReferencedSource.of(source, reference),
            encoded.report());
  }

  /** Computed at the first update, when the run has the folder and the folder is of this run. */
  private Reference logProbs(List<PreferenceExample> examples, SequenceLimits limits) {
    Path folder = options().runFolder();
    DecoderModel frozen = reference.model(limits.maxLength());
    RowPlan plan = RowPlans.ofPairs(examples, frozen.architecture().config());
    Supplier<AnswerLogProbs> compute =
        () -> AnswerLogProbs.of(frozen, examples, plan, options().cancellation());
    if (folder == null) {
      return new Reference(compute);
    }
    ReferenceCache cache = ReferenceCache.of(folder, frozen.id(), examples, limits);
    return new Reference(() -> cache.readOrWrite(compute));
  }
}
