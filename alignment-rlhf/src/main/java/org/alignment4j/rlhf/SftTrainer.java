package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.AnswerChain;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SftExamples;
import org.alignment4j.rlhf.loss.SmoothedSftLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.OptimizerConfig;
import org.alignment4j.runtime.train.TrainingNoise;
import org.apiguardian.api.API;

/**
 * Supervised fine-tuning: a model learns to write the answers it is shown. The loss is the mean
 * cross-entropy over the tokens to learn of an update. Immutable.
 *
 * <pre>{@code
 * DecoderModel tuned = SftTrainer.of(base).epochs(3).learningRate(1e-3).train(answers).model();
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SftTrainer extends TrainerSettings<SftTrainer> {

  private static final int LIMA_TOKENS = 2048;

  private final DecoderModel base;
  private final Objective objective;

  private SftTrainer(DecoderModel base, FineTuningOptions options, Objective objective) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.objective = objective;
  }

  /**
   * Returns a trainer with a learning rate of 2e-5 and otherwise the settings of {@link
   * FineTuningOptions#of}.
   *
   * @param base where training starts; left as it is
   * @return the trainer
   */
  public static SftTrainer of(DecoderModel base) {
    return new SftTrainer(base, FineTuningOptions.of(2e-5), new SftObjective());
  }

  /**
   * Returns a trainer for few, well chosen answers, as LIMA's (Zhou et al. 2023, arXiv 2305.11206):
   * AdamW with betas 0.9 and 0.95 and weight decay 0.1, a rate that falls linearly from 1e-5 to
   * 1e-6 without warm-up, 15 epochs of batches of 32, residual dropout that rises with depth to
   * 0.3, and 2048 tokens where the model's context has room for them. Take the checkpoint by what
   * it writes rather than by its loss, which rises while answers get better.
   *
   * @param base where training starts; left as it is
   * @return the trainer
   */
  public static SftTrainer lima(DecoderModel base) {
    int context = base.architecture().config().maxPositions();
    Optimisation optimisation =
        Optimisation.standard()
            .withOptimizer(
                AdamWConfig.defaults()
                    .betas(0.9, 0.95)
                    .weightDecay(0.1, OptimizerConfig.Decayed.MATRICES))
            .withSchedule(LearningRateSchedule.polynomial(1e-5, 1e-6, 1))
            .withNoise(TrainingNoise.none().risingResidualDropout(0.3));
    return of(base)
        .options(
            FineTuningOptions.of(1e-5)
                .withStability(0, 1)
                .withEpochs(15)
                .withBatchSize(32)
                .withLimits(SequenceLimits.of(Math.min(LIMA_TOKENS, context)))
                .withOptimisation(optimisation));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<PromptCompletion> learner(UnaryOperator<SftTrainer> settings) {
    return (model, examples, context) -> {
      SftTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public SftTrainer options(FineTuningOptions newOptions) {
    return new SftTrainer(base, newOptions, objective);
  }

  /**
   * Returns a trainer whose labels are uniform over the vocabulary with a probability, in place of
   * another loss set before.
   *
   * @param probability ε of {@link SmoothedSftLoss}, in [0, 1); 0 is the default
   * @return the trainer; its metric {@code nll} is the mean cross-entropy of the labels alone
   * @throws IllegalArgumentException when it is out of range
   */
  public SftTrainer labelSmoothing(double probability) {
    SmoothedSftLoss loss = new SmoothedSftLoss(probability);
    return new SftTrainer(
        base, options(), probability == 0 ? new SftObjective() : new SmoothedSftObjective(loss));
  }

  /**
   * Returns a trainer of dynamic fine-tuning, {@link org.alignment4j.rlhf.loss.DynamicSftLoss}, in
   * place of another loss set before.
   *
   * @return the trainer; its metric {@code nll} is the mean cross-entropy
   */
  public SftTrainer dynamic() {
    return new SftTrainer(base, options(), new DynamicSftObjective());
  }

  /**
   * Learns answers to prompts; prompts are not learnt.
   *
   * @param answers at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when an answer is empty (naming its index), none fits the
   *     limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends PromptCompletion> answers) {
    Encoders.requireKnown(base, "demonstrations", answers, PromptCompletion::prompt);
    return train(SftExamples.encodeAnswers(answers, Encoders.of(base), limits()));
  }

  /**
   * Learns answers, conversations (of which the assistant's messages) and whole texts. Texts beyond
   * the limits lose their end, or are {@linkplain SequenceLimits.LongText#SPLIT split}.
   *
   * @param demonstrations at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when a demonstration has nothing to learn (naming its index),
   *     none fits the limits, or the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult trainDemonstrations(List<? extends Demonstration> demonstrations) {
    Encoders.requireKnown(base, "demonstrations", demonstrations, SftTrainer::prompt);
    return train(SftExamples.encode(demonstrations, Encoders.of(base), limits()));
  }

  /**
   * Learns chains of answers, such as those of {@link org.alignment4j.rlhf.data.ChainOfHindsight}:
   * the answers, and neither prompts nor markers.
   *
   * @param chains at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when none fits the limits, or the limits exceed the model's
   *     context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult trainChains(List<AnswerChain> chains) {
    return train(SftExamples.encodeChains(chains, Encoders.of(base), limits()));
  }

  /** The prompt of a demonstration that has one, else a text. */
  private static Prompt prompt(Demonstration demonstration) {
    return demonstration instanceof Demonstration.Answer answer
        ? answer.example().prompt()
        : Prompt.text("");
  }

  private SequenceLimits limits() {
    return Encoders.limits(base, options());
  }

  private FineTuningResult train(SftExamples encoded) {
    FineTuningOptions o = options();
    Epochs epochs = new Epochs(encoded.examples().size(), o.batchSize(), o.epochs(), o.seed());
    SftSource source =
        new SftSource(encoded.examples(), RowPlans.ofSequences(encoded.examples()), epochs);
    return new TrainingRun("sft", base, o).train(objective, source, encoded.report());
  }
}
