package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.Learner;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.ChainOfHindsight;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftExamples;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chain of Hindsight (Liu et al. 2023, arXiv 2302.02676): preferences are learned as texts in which
 * markers say which answer is the good one, with texts of pretraining beside them that keep the
 * model's language: {@code NLL + w·NLL_pretraining}, each a mean over its tokens. Immutable.
 *
 * <pre>{@code
 * HindsightTrainer trainer = HindsightTrainer.of(base).pretraining(texts, 0.01);
 * DecoderModel model = trainer.train(pairs).model();
 * Completion good = model.generate(trainer.hindsight().prompt(prompt), options);
 * }</pre>
 *
 * <p>Pairs with even odds or equal answers give no text; both are counted by {@link
 * ChainOfHindsight#of}. Against copying, past tokens may be hidden: {@link #forgetful}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HindsightTrainer extends TrainerSettings<HindsightTrainer> {

  private static final Logger LOG = LoggerFactory.getLogger(HindsightTrainer.class);

  private final DecoderModel base;
  private final ChainOfHindsight hindsight;
  private final List<Demonstration> texts;
  private final double weight;
  private final ForgetfulMask forgetful;

  private HindsightTrainer(
      DecoderModel base,
      ChainOfHindsight hindsight,
      List<Demonstration> texts,
      double weight,
      ForgetfulMask forgetful,
      FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.hindsight = Objects.requireNonNull(hindsight, "hindsight");
    this.texts = texts;
    this.weight = weight;
    this.forgetful = forgetful;
  }

  /**
   * Returns a trainer with {@link ChainOfHindsight#standard()}, no pretraining, a learning rate of
   * 2e-5 and otherwise the settings of {@link FineTuningOptions#of}.
   *
   * @param base where training starts; left as it is
   * @return the trainer
   */
  public static HindsightTrainer of(DecoderModel base) {
    return new HindsightTrainer(
        base,
        ChainOfHindsight.standard(),
        List.of(),
        0,
        ForgetfulMask.NONE,
        FineTuningOptions.of(2e-5));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<PreferencePair> learner(UnaryOperator<HindsightTrainer> settings) {
    return (model, examples, context) -> {
      HindsightTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public HindsightTrainer options(FineTuningOptions newOptions) {
    return new HindsightTrainer(base, hindsight, texts, weight, forgetful, newOptions);
  }

  /**
   * Returns how pairs become texts, and prompts ask for good answers.
   *
   * @return forms and wordings
   */
  public ChainOfHindsight hindsight() {
    return hindsight;
  }

  /**
   * Returns a trainer that makes other texts of pairs.
   *
   * @param newHindsight forms and wordings
   * @return a new trainer
   */
  public HindsightTrainer hindsight(ChainOfHindsight newHindsight) {
    return new HindsightTrainer(base, newHindsight, texts, weight, forgetful, options());
  }

  /**
   * Returns a trainer that learns texts of pretraining beside the pairs: with every update as many
   * as the batch size says, each once before any comes again. Those that the limits of length cut
   * or leave out are counted in a warning; each piece of one that they {@linkplain
   * SequenceLimits.LongText#SPLIT split} counts as a text.
   *
   * @param newTexts at least one
   * @param newWeight of their mean loss, positive and finite; 0.01 in the published code
   * @return a new trainer
   * @throws IllegalArgumentException when there is no text or the weight is out of range
   */
  public HindsightTrainer pretraining(List<? extends Demonstration> newTexts, double newWeight) {
    if (newTexts.isEmpty() || !(newWeight > 0) || Double.isInfinite(newWeight)) {
      throw new IllegalArgumentException(
          "texts must not be empty and their weight positive and finite but were %s texts and %s"
              .formatted(newTexts.size(), newWeight));
    }
    return new HindsightTrainer(
        base, hindsight, List.copyOf(newTexts), newWeight, forgetful, options());
  }

  /**
   * Returns a trainer that hides random past tokens from later ones while it trains (arXiv
   * 2302.02676, section 2; forgetful causal masking, arXiv 2210.13432): of each row a share between
   * 0 and the most. Without this nothing is hidden.
   *
   * @param most largest share, in [0, 1); 0.15 is usual, 0 hides nothing
   * @return a new trainer
   * @throws IllegalArgumentException when the share is out of range
   */
  public HindsightTrainer forgetful(double most) {
    return new HindsightTrainer(base, hindsight, texts, weight, new ForgetfulMask(most), options());
  }

  /**
   * Learns preferences.
   *
   * @param pairs at least one that is decided
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when a pair cannot be used (naming its index), none is left or
   *     fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends PreferencePair> pairs) {
    FineTuningOptions o = options();
    SequenceLimits limits = Encoders.limits(base, o);
    ChainOfHindsight.Sequences sequences = hindsight.of(pairs);
    if (sequences.chains().isEmpty()) {
      throw new IllegalArgumentException(
          ("pairs must hold at least one with different answers, one likelier the better, but of %s %s"
                  + " have a probability of 0.5 and %s equal answers")
              .formatted(pairs.size(), sequences.undecided(), sequences.equal()));
    }
    SftExamples chains = SftExamples.encodeChains(sequences.chains(), Encoders.of(base), limits);
    List<SftExample> beside = texts.isEmpty() ? List.of() : beside(limits);
    List<SftExample> all = new ArrayList<>(chains.examples());
    all.addAll(beside);
    Epochs epochs = new Epochs(chains.examples().size(), o.batchSize(), o.epochs(), o.seed());
    SftSource source = new SftSource(chains.examples(), RowPlans.ofSequences(all), epochs);
    return new TrainingRun("hindsight", base, o)
        .train(
            new SftObjective(),
            new HindsightSource(source, beside, weight, forgetful),
            chains.report());
  }

  private List<SftExample> beside(SequenceLimits limits) {
    SftExamples encoded = SftExamples.encode(texts, Encoders.of(base), limits);
    PretrainingMix.lost("pairs", encoded.report(), limits).ifPresent(LOG::warn);
    return encoded.examples();
  }
}
