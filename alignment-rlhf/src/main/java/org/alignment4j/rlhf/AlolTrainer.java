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
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Offline reinforcement learning from rated answers (A-LoL, Baheti et al. 2023, arXiv 2305.14718):
 * of given answers those that are better than their prompt is worth are learned, the more the
 * better they are. The model training starts from, or {@linkplain #reference(DecoderModel)
 * another}, is the reference; what a prompt is worth is estimated by a {@link PromptBaseline} on
 * it, once, before training. Immutable.
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
public final class AlolTrainer extends ReferencedTrainer<AlolTrainer> {

  private static final String VALUES_FILE = "prompt-values.json";
  private static final String VALUES = "values";

  private final ReferenceModel reference;
  private final AlolMethod method;
  private final PromptBaseline baseline;
  private final AlolSampling sampling;

  private AlolTrainer(
      ReferenceModel reference,
      AlolMethod method,
      PromptBaseline baseline,
      AlolSampling sampling,
      FineTuningOptions options) {
    super(options);
    this.reference = reference;
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
   * @param base where training starts, and the reference unless another is given; left as it is
   * @return the trainer
   */
  public static AlolTrainer of(DecoderModel base) {
    return new AlolTrainer(
        new ReferenceModel(Objects.requireNonNull(base, "base")),
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
    return new AlolTrainer(reference, method, baseline, sampling, newOptions);
  }

  @Override
  AlolTrainer measuredAgainst(DecoderModel other) {
    return new AlolTrainer(reference.instead(other), method, baseline, sampling, options());
  }

  /**
   * Returns a trainer of another method.
   *
   * @param newMethod what answers weigh, and the loss
   * @return a new trainer
   */
  public AlolTrainer method(AlolMethod newMethod) {
    return new AlolTrainer(reference, newMethod, baseline, sampling, options());
  }

  /**
   * Returns a trainer that estimates otherwise what prompts are worth.
   *
   * @param newBaseline V_ref; not read by methods that take rewards for weights
   * @return a new trainer
   */
  public AlolTrainer baseline(PromptBaseline newBaseline) {
    return new AlolTrainer(reference, method, newBaseline, sampling, options());
  }

  /**
   * Returns a trainer that chooses otherwise which answers an update sees.
   *
   * @param newSampling uniform or proportional to the weights
   * @return a new trainer
   */
  public AlolTrainer sampling(AlolSampling newSampling) {
    return new AlolTrainer(reference, method, baseline, newSampling, options());
  }

  /**
   * Learns the answers of positive weight. An epoch has as many answers as have one.
   *
   * @param answers at least one; empty answers are dropped and counted
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when no answer fits the limits or has a positive weight, the
   *     limits exceed the context of the model or of a given reference, or a reference was given to
   *     a method that reads none
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<RatedAnswer> answers) {
    FineTuningOptions o = options();
    boolean weighed = method.weight() != AlolMethod.Weight.REWARD;
    requireUsed(reference.given() == null || method.loss().needsReference() || weighed, method);
    DecoderModel base = reference.base();
    Encoders.requireKnown(base, "answers", answers, (RatedAnswer a) -> a.answer().prompt());
    SequenceLimits limits = Encoders.limits(base, o);
    DecoderModel frozen = reference.model(limits.maxLength());
    RatedExamples encoded = RatedExamples.encode(answers, Encoders.of(base), limits);
    double[] rewards = encoded.examples().stream().mapToDouble(RatedExample::reward).toArray();
    double[] all = weighed ? advantages(rewards, values(frozen, encoded.examples())) : rewards;
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
    AlolReference logProbs =
        method.loss().needsReference()
            ? new AlolReference(
                frozen, better, plan(better, frozen), o.cancellation(), o.runFolder())
            : null;
    Epochs epochs = new Epochs(better.size(), o.batchSize(), o.epochs(), o.seed());
    return new TrainingRun("a-lol", base, o)
        .train(
            new AlolObjective(method.loss()),
            ReferencedSource.of(
                new AlolSource(better, weights, logProbs, sampling, plan(better, base), epochs),
                reference),
            encoded.report());
  }

  private static RowPlan plan(List<RatedExample> examples, DecoderModel reader) {
    return RowPlans.ofAnswers(
        examples.stream().map(e -> new Answers(e.prompt(), List.of(e.answer()))).toList(),
        reader.architecture().config());
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

  private static double[] advantages(double[] rewards, double[] values) {
    double[] advantages = new double[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      advantages[i] = rewards[i] - values[i];
    }
    return advantages;
  }

  /** What prompts are worth, which is kept in the run folder. */
  private double[] values(DecoderModel frozen, List<RatedExample> examples) {
    Path folder = options().runFolder();
    if (folder == null) {
      return baseline.values(frozen, examples, options().cancellation());
    }
    String content = frozen.id() + '\n' + AlolReference.fingerprint(examples) + '\n' + baseline;
    LogProbFile file =
        new LogProbFile(
            folder.resolve(VALUES_FILE),
            ContentHash.of(content).toString(),
            Map.of(VALUES, examples.size()));
    return Objects.requireNonNull(
        file.readOrWrite(
                () -> Map.of(VALUES, baseline.values(frozen, examples, options().cancellation())))
            .get(VALUES));
  }
}
