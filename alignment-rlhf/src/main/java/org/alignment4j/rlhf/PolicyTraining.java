package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reinforcement learning under way, one step at a time: completions are sampled from the policy,
 * rewarded, compared, and learned from. For loops of one's own; {@link PolicyTrainer#train} runs
 * all steps, with checkpoints. Mutable; used by one thread.
 *
 * <pre>{@code
 * try (PolicyTraining training = trainer.begin(prompts)) {
 *   while (training.hasNext()) {
 *     System.out.println(training.step().values().get("reward"));
 *   }
 *   DecoderModel policy = training.model();
 * }
 * }</pre>
 *
 * <p>Metrics of a step: {@code reward}, {@code reward_std} and {@code rewards/NAME/mean} of the
 * completions, without the penalty on divergence; {@code kl}, the mean over completions of the
 * divergence from the reference summed over each, in nats; {@code kl_coefficient}; {@code
 * completions/mean_length} and {@code completions/clipped_ratio}; {@code frac_reward_zero_std}, the
 * share of groups whose rewards are equal; {@code sampling/sampling_logp_difference/mean} and
 * {@code /max}, by how much sampler and trainer differ at a token; and means over the step's
 * updates of {@code loss}, {@code grad_norm}, {@code learning_rate} and what the loss reports, such
 * as {@code ratio}, {@code approx_kl} and {@code clip_ratio/region_mean}. The last are absent where
 * nothing was learned.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyTraining implements AutoCloseable {

  private final PolicyMethod method;
  private final PolicyRewards rewards;
  private final DecoderModel start;
  private final @Nullable LoraAdapter referenceAdapter;
  private final RolloutSampler sampler;
  private final Epochs epochs;
  private final RowPlan plan;
  private final long seed;
  private final double temperature;
  private final LearningRateSchedule schedule;
  private final CancellationToken cancellation;
  private final Network network;
  private final BoundWeights reference;
  private KlController kl;
  private long done;

  PolicyTraining(
      PolicyMethod method,
      PolicyRewards rewards,
      DecoderModel start,
      @Nullable LoraAdapter referenceAdapter,
      RolloutSampler sampler,
      Epochs epochs,
      RowPlan plan,
      double temperature,
      LearningRateSchedule schedule,
      CancellationToken cancellation,
      Network network) {
    this.method = method;
    this.rewards = rewards;
    this.start = start;
    this.referenceAdapter = referenceAdapter;
    this.sampler = sampler;
    this.epochs = epochs;
    this.plan = plan;
    this.seed = epochs.seed();
    this.temperature = temperature;
    this.schedule = schedule;
    this.cancellation = cancellation;
    this.network = network;
    this.reference = BoundWeights.of(start.engine().runtime(), start.weights());
    this.kl = method.kl();
  }

  /**
   * Returns the number of steps of the whole training.
   *
   * @return at least 1
   */
  public long steps() {
    return epochs.steps();
  }

  /**
   * Returns the number of steps made, over all resumptions.
   *
   * @return from 0 to {@link #steps()}
   */
  public long done() {
    return done;
  }

  /**
   * Returns whether a step is left.
   *
   * @return whether {@link #step()} may be called
   */
  public boolean hasNext() {
    return done < steps();
  }

  /**
   * Samples, rewards, compares and learns. A failure before the updates leaves everything as it
   * was.
   *
   * @return what the step did
   * @throws IllegalStateException after the last step
   * @throws IllegalArgumentException when a reward is not finite, named by function, sample and
   *     step
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted before the updates
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   */
  public Metrics step() {
    if (!hasNext()) {
      throw new IllegalStateException("all " + steps() + " steps are made");
    }
    long number = done + 1;
    cancellation.throwIfCancelled("policy training");
    SampledStep sampled = rollout(number);
    SequenceRewards scores = rewards.score(number, sampled.rollouts(), cancellation);
    PolicyAdvantages learned =
        PolicyAdvantages.of(
            method,
            kl,
            sampled,
            scores,
            logProbs(sampled, network::outputs),
            logProbs(sampled, this::referenceLabels));
    Map<String, Double> metrics = new LinkedHashMap<>(learned.metrics());
    metrics.putAll(learn(number, sampled, learned));
    kl = kl.after(learned.divergence(), sampled.rollouts().size());
    done = number;
    return new Metrics(number, metrics);
  }

  private SampledStep rollout(long number) {
    try (DecoderModel policy = model()) {
      return sampler.sample(policy, epochs.batch(number), number, cancellation);
    }
  }

  private TokenValues logProbs(SampledStep sampled, Function<MicroBatch, float[]> labels) {
    double[][] values = new double[sampled.rollouts().size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new double[sampled.rollouts().get(i).tokens().size()];
    }
    for (RolloutRows.Batch batch : RolloutRows.microBatches(sampled.answers(), plan)) {
      cancellation.throwIfCancelled("policy training");
      batch.scatter(labels.apply(batch.batch()), values);
    }
    return TokenValues.of(values);
  }

  private float[] referenceLabels(MicroBatch batch) {
    return LabelLogProbs.of(start.engine(), reference, referenceAdapter, temperature, batch);
  }

  private Map<String, Double> learn(long number, SampledStep sampled, PolicyAdvantages learned) {
    MeanMetrics means = new MeanMetrics();
    SplittableRandom random = new SplittableRandom(seed ^ number);
    long updates = steps() * method.epochs() * method.miniBatches();
    long first = (number - 1) * method.epochs() * method.miniBatches();
    for (int epoch = 0; epoch < method.epochs(); epoch++) {
      List<int[]> parts = PolicyBatches.parts(sampled.groups(), method.miniBatches(), random);
      for (int p = 0; p < parts.size(); p++) {
        List<MicroBatch> batches =
            PolicyBatches.update(sampled, learned, method.weights(), plan, parts.get(p));
        if (batches.isEmpty()) {
          continue;
        }
        long at = first + (long) epoch * method.miniBatches() + p;
        double rate = schedule.at(at, updates);
        Network.Update update = network.update(batches, rate);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", update.outcome().loss());
        values.put("grad_norm", update.gradientNorm());
        values.put("learning_rate", rate);
        values.putAll(update.outcome().metrics());
        means.add(values);
      }
    }
    return means.values();
  }

  /**
   * Returns the policy as it is now.
   *
   * @return a model of its own; the caller closes it
   */
  public DecoderModel model() {
    FlatParameters parameters = network.step().parameters();
    if (network.trainable() instanceof Trainable.Adapter adapter) {
      return start.withAdapter(adapter.start().withParameters(parameters));
    }
    List<WeightTensor> trained = new ArrayList<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      trained.add(parameters.snapshot(slot.name()));
    }
    return start.withWeights(start.weights().with(trained));
  }

  LearningRateSchedule schedule() {
    return schedule;
  }

  /** A hash of the prompts. */
  String fingerprint() {
    return ContentHash.of(sampler.tokens().toString()).toString();
  }

  Network network() {
    return network;
  }

  KlController kl() {
    return kl;
  }

  /** Goes on after a checkpoint. */
  void resumeAt(long step, KlController controller) {
    done = step;
    kl = controller;
  }

  /** Releases what the training holds; models taken from it stay. */
  @Override
  public void close() {
    network.close();
    reference.close();
    start.close();
  }
}
