package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.data.CringeExample;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.UnpairedExamples;
import org.alignment4j.rlhf.loss.CringeLoss;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Learning from good and bad answers token by token: good answers are learned by cross-entropy,
 * each token of a bad one is contrasted with a token that the model itself would rather write
 * ({@link CringeLoss}). There is no reference. Immutable.
 *
 * <pre>{@code
 * DecoderModel aligned = CringeTrainer.of(base).train(labels).model();
 * DecoderModel byPairs = CringeTrainer.of(base).trainPairs(pairs, PairGate.of(0, 10)).model();
 * }</pre>
 *
 * <p>The loss of an update is the mean over the tokens of all its answers, of pairs multiplied by
 * their gates. Contrasts are drawn before each update from the model as it is, without noise; the
 * draws depend on the seed, the update and the place in it, so that a resumed run makes the same.
 *
 * <p>Metrics of each update: {@code loss}, {@code nll} (mean over tokens of good answers), {@code
 * cringe} (mean over tokens of bad ones, without α), {@code logps/chosen}, {@code logps/rejected}
 * (means over answers), without those that an update has no answer of; and of pairs the mean {@code
 * gate}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CringeTrainer extends TrainerSettings<CringeTrainer> {

  private static final double EVEN = 0.5;

  private final DecoderModel base;
  private final CringeLoss loss;

  private CringeTrainer(DecoderModel base, CringeLoss loss, FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns a trainer with {@link CringeLoss#standard()}, a learning rate of 1e-5 and otherwise the
   * settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as 1e-4.
   *
   * @param base where training starts; left as it is
   * @return the trainer
   */
  public static CringeTrainer of(DecoderModel base) {
    return new CringeTrainer(base, CringeLoss.standard(), FineTuningOptions.of(1e-5));
  }

  /**
   * Returns training on single answers as a learner, whose caller gives the model, the seed and the
   * run folder.
   *
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<UnpairedLabel> learner(UnaryOperator<CringeTrainer> settings) {
    return (model, examples, context) -> {
      CringeTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  /**
   * Returns training on pairs as a learner, whose caller gives the model, the seed and the run
   * folder.
   *
   * @param gate switches pairs off
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<PreferencePair> learner(
      PairGate gate, UnaryOperator<CringeTrainer> settings) {
    return (model, examples, context) -> {
      CringeTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer
          .options(trainer.options().withContext(context))
          .trainPairs(examples, gate)
          .model();
    };
  }

  @Override
  public CringeTrainer options(FineTuningOptions newOptions) {
    return new CringeTrainer(base, loss, newOptions);
  }

  /**
   * Returns a trainer that minimises another loss.
   *
   * @param newLoss α and k
   * @return a new trainer
   */
  public CringeTrainer loss(CringeLoss newLoss) {
    return new CringeTrainer(base, newLoss, options());
  }

  /**
   * Learns from labelled answers. Labels of one kind only are allowed, and warned of with their
   * number.
   *
   * @param labels at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming its index), none fits the
   *     limits, the limits exceed the model's context, or the loss has as many candidates as the
   *     vocabulary has tokens
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends UnpairedLabel> labels) {
    requireCandidates();
    Encoders.requireKnown(base, "labels", labels, UnpairedLabel::prompt);
    UnpairedExamples encoded = UnpairedExamples.encode(labels, Encoders.of(base), limits());
    LabelKinds.of(encoded.examples()).warn();
    List<CringeExample> examples = encoded.examples().stream().map(CringeExample::of).toList();
    return train(examples, null, encoded.report());
  }

  /**
   * Learns from pairs (Pairwise Cringe). The likelier better answer of a pair is the good one,
   * however likely.
   *
   * @param pairs at least one
   * @param gate switches off pairs that the model orders well
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when a pair has an empty answer, equal answers or even odds
   *     (naming its index), none fits the limits, the limits exceed the model's context, or the
   *     loss has as many candidates as the vocabulary has tokens
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult trainPairs(List<? extends PreferencePair> pairs, PairGate gate) {
    Objects.requireNonNull(gate, "gate");
    requireCandidates();
    Encoders.requireKnown(base, "pairs", pairs, PreferencePair::prompt);
    for (int i = 0; i < pairs.size(); i++) {
      if (pairs.get(i).probability() == EVEN) {
        throw new IllegalArgumentException(
            ("pairs[%s]: one answer must be likelier the better one but the probability is 0.5;"
                    + " remove the pair")
                .formatted(i));
      }
    }
    PreferenceExamples encoded = PreferenceExamples.encode(pairs, Encoders.of(base), limits());
    List<CringeExample> examples = encoded.examples().stream().map(CringeExample::of).toList();
    return train(examples, gate, encoded.report());
  }

  private SequenceLimits limits() {
    return Encoders.limits(base, options());
  }

  private void requireCandidates() {
    int vocab = base.architecture().config().vocabSize();
    if (loss.candidates() >= vocab) {
      throw new IllegalArgumentException(
          "candidates must be below %s, the size of the vocabulary, but was %s"
              .formatted(vocab, loss.candidates()));
    }
  }

  private FineTuningResult train(
      List<CringeExample> examples, @Nullable PairGate gate, EncodingReport report) {
    FineTuningOptions o = options();
    RowPlan plan =
        RowPlans.ofAnswers(
            examples.stream().map(CringeExample::answers).toList(), base.architecture().config());
    Epochs epochs = new Epochs(examples.size(), o.batchSize(), o.epochs(), o.seed());
    return new TrainingRun("cringe", base, o)
        .train(
            new CringeObjective(loss, gate),
            new CringeSource(loss, examples, plan, epochs),
            report);
  }
}
