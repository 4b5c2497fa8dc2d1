package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.rlhf.data.RatedExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Offline reinforcement learning from rated answers (A-LoL, Baheti et al. 2023, arXiv 2305.14718):
 * of given answers those that are better than their prompt is worth are learned, the more the
 * better they are. The model training starts from is the reference; what a prompt is worth is
 * estimated by a {@link PromptBaseline} on it, once, before training. Immutable.
 *
 * <pre>{@code
 * List<RatedAnswer> rated = RatedAnswer.by(answers, rewardModel, CancellationToken.none());
 * DecoderModel better = AlolTrainer.of(base).train(rated).model();
 * }</pre>
 *
 * <p>Metrics of each update: {@code loss}, {@code rewards}, {@code advantages} (what the answers
 * weighed), {@code logps} (means over answers), {@code nll} (mean over tokens); and where the
 * method reads the reference {@code ratio}, {@code approx_kl}, {@code clip_ratio/low_mean}, {@code
 * clip_ratio/high_mean}, {@code clip_ratio/region_mean} or {@code kl_per_token}, as the loss has
 * them.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AlolTrainer extends TrainerSettings<AlolTrainer> {

  private static final String VALUES_FILE = "prompt-values.json";
  private static final String VALUES = "values";

  private final DecoderModel base;
  private final AlolMethod method;
  private final PromptBaseline baseline;
  private final AlolSampling sampling;

  private AlolTrainer(
      DecoderModel base,
      AlolMethod method,
      PromptBaseline baseline,
      AlolSampling sampling,
      FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.method = Objects.requireNonNull(method, "method");
    this.baseline = Objects.requireNonNull(baseline, "baseline");
    this.sampling = Objects.requireNonNull(sampling, "sampling");
  }

  /**
   * Returns a trainer of {@link AlolMethod#alol()} with {@link PromptBaseline#attention()},
   * proportional sampling, a learning rate of 1e-5, gradients clipped at 0.3, and otherwise the
   * settings of {@link FineTuningOptions#of}. The paper has a constant rate after 300 updates of
   * warm-up: {@code schedule(LearningRateSchedule.constant(rate).warmUp(300))}. Adapters need a
   * higher rate, such as 1e-4.
   *
   * @param base where training starts, and the reference; left as it is
   * @return the trainer
   */
  public static AlolTrainer of(DecoderModel base) {
    return new AlolTrainer(
        base,
        AlolMethod.alol(),
        PromptBaseline.attention(),
        AlolSampling.PROPORTIONAL,
        FineTuningOptions.of(1e-5).withStability(0.1, 0.3));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param settings everything else
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<RatedAnswer> learner(UnaryOperator<AlolTrainer> settings) {
    return (model, examples, context) -> {
      AlolTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer
          .options(trainer.options().withContext(context))
          .train(List.copyOf(examples))
          .model();
    };
  }

  @Override
  public AlolTrainer options(FineTuningOptions newOptions) {
    return new AlolTrainer(base, method, baseline, sampling, newOptions);
  }

  /**
   * Returns a trainer of another method.
   *
   * @param newMethod what answers weigh, and the loss
   * @return a new trainer
   */
  public AlolTrainer method(AlolMethod newMethod) {
    return new AlolTrainer(base, newMethod, baseline, sampling, options());
  }

  /**
   * Returns a trainer that estimates otherwise what prompts are worth.
   *
   * @param newBaseline V_ref; not read by methods that take rewards for weights
   * @return a new trainer
   */
  public AlolTrainer baseline(PromptBaseline newBaseline) {
    return new AlolTrainer(base, method, newBaseline, sampling, options());
  }

  /**
   * Returns a trainer that chooses otherwise which answers an update sees.
   *
   * @param newSampling uniform or proportional to the weights
   * @return a new trainer
   */
  public AlolTrainer sampling(AlolSampling newSampling) {
    return new AlolTrainer(base, method, baseline, newSampling, options());
  }

  /**
   * Learns the answers of positive weight. An epoch has as many answers as have one.
   *
   * @param answers at least one; empty answers are dropped and counted
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when no answer fits the limits or has a positive weight, or
   *     the limits exceed the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<RatedAnswer> answers) {
    FineTuningOptions o = options();
    Encoders.requireKnown(base, "answers", answers, (RatedAnswer a) -> a.answer().prompt());
    RatedExamples encoded =
        RatedExamples.encode(answers, Encoders.of(base), Encoders.limits(base, o));
    double[] all = weights(encoded.examples());
    List<RatedExample> better = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (all[i] > 0) {
        better.add(encoded.examples().get(i));
        kept.add(all[i]);
      }
    }
    requirePositive(better, all);
    double[] weights = kept.stream().mapToDouble(Double::doubleValue).toArray();
    RowPlan plan =
        RowPlans.ofAnswers(
            better.stream().map(e -> new Answers(e.prompt(), List.of(e.answer()))).toList(),
            base.architecture().config());
    AlolReference reference =
        method.loss().needsReference()
            ? new AlolReference(base, better, plan, o.cancellation(), o.runFolder())
            : null;
    Epochs epochs = new Epochs(better.size(), o.batchSize(), o.epochs(), o.seed());
    return new TrainingRun("a-lol", base, o)
        .train(
            new AlolObjective(method.loss()),
            new AlolSource(better, weights, reference, sampling, plan, epochs),
            encoded.report());
  }

  private void requirePositive(List<RatedExample> better, double[] all) {
    if (better.isEmpty()) {
      double most = Double.NEGATIVE_INFINITY;
      for (double weight : all) {
        most = Math.max(most, weight);
      }
      String what = method.weight() == AlolMethod.Weight.REWARD ? "reward" : "advantage";
      throw new IllegalArgumentException(
          ("at least one answer must have a positive %s but the greatest of %s is %s; look at the"
                  + " rewards, or choose another baseline")
              .formatted(what, all.length, most));
    }
  }

  /** What each example weighs; what prompts are worth is kept in the run folder. */
  private double[] weights(List<RatedExample> examples) {
    double[] rewards = examples.stream().mapToDouble(RatedExample::reward).toArray();
    if (method.weight() == AlolMethod.Weight.REWARD) {
      return rewards;
    }
    double[] values = values(examples);
    double[] advantages = new double[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      advantages[i] = rewards[i] - values[i];
    }
    return advantages;
  }

  private double[] values(List<RatedExample> examples) {
    Path folder = options().runFolder();
    if (folder == null) {
      return baseline.values(base, examples, options().cancellation());
    }
    String content = base.id() + '\n' + AlolReference.fingerprint(examples) + '\n' + baseline;
    LogProbFile file =
        new LogProbFile(
            folder.resolve(VALUES_FILE),
            ContentHash.of(content).toString(),
            Map.of(VALUES, examples.size()));
    return Objects.requireNonNull(
        file.readOrWrite(
                () -> Map.of(VALUES, baseline.values(base, examples, options().cancellation())))
            .get(VALUES));
  }
}
