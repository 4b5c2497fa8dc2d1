package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Metrics;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reinforcement learning under way, one step at a time: completions are sampled from the policy,
 * rewarded, compared, and learned from. For loops of one's own; {@link PolicyTrainer#train} runs
 * all steps, with checkpoints. Mutable; used by one thread. Once closed, every method but {@link
 * #close} throws {@link IllegalStateException}; models that were taken from it stay usable.
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
 * <p>Metrics of a step: {@code reward}, {@code reward_std}, {@code rewards/NAME/mean} and {@code
 * rewards/NAME/std} of the completions, without the penalty on divergence, where deviations are
 * those of samples (n − 1) over the whole step, as in TRL 1.13, absent where no completion has a
 * reward; {@code reward_group_std}, the mean over groups of the deviations within them, which
 * earlier releases of TRL called {@code reward_std}, absent where no group has two rewards; {@code
 * kl}, the mean over completions of the divergence from the reference summed over each, in nats,
 * absent where it was not measured ({@link PolicyTrainer#divergenceEvery}); with a penalty on
 * divergence in the loss also {@code kl_per_token}, the loss's own estimate at a token, in nats,
 * which TRL's trainer of GRPO calls {@code kl}; {@code kl_coefficient}; {@code entropy}, in nats a
 * token: what {@link EntropyUse} computes, or else the policy's mean surprise at its own tokens;
 * {@code completions/mean_length} and {@code completions/clipped_ratio}; {@code
 * frac_reward_zero_std}, the share of groups whose rewards are equal, absent where groups are of
 * one; {@code sampling/rounds}; {@code sampling/sampling_logp_difference/mean} and {@code /max}, by
 * how much sampler and trainer differ at a token, in nats, of which a mean above 1e-3 is warned of
 * once where nothing corrects for it; means over the step's updates of {@code loss}, {@code
 * grad_norm}, {@code learning_rate} and what the loss reports, such as {@code ratio}, {@code
 * approx_kl} and {@code clip_ratio/region_mean}; and {@code skipped_updates}, the share of updates
 * that {@link PolicyUpdates} left out. With a bonus for entropy also {@code entropy_coef}, its
 * weight, and with a {@link PretrainingMix} {@code ptx_loss}, the mean loss of texts, both means
 * over updates. What is of updates is absent where none was made.
 *
 * <p>With a critic also {@code explained_variance}, of the returns by the values before the step,
 * and means over updates of {@code value_loss}, without its coefficient, {@code value_clip_ratio},
 * {@code value_error}, {@code value_mean}, {@code value_grad_norm} and {@code value_learning_rate}.
 * With a constraint also {@code cost}, the mean of the step, {@code lambda}, the multiplier that
 * was used, and all of the critic's under names that begin with {@code cost_}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyTraining implements AutoCloseable {

  private final PolicySettings settings;
  private final PolicySchedule schedule;
  private final @Nullable RolloutCollector collector;
  private final PolicyActor actor;
  private final List<PolicyCritic> critics;
  private final StepNetworks networks;
  private final PolicyLearner learner;
  private final RolloutWarnings warnings;
  private final CancellationToken cancellation;
  private PolicyState state;
  private long done;
  private boolean closed;
  private @Nullable RolloutLog log;

  /**
   * Takes over actor and critics, which are closed with this.
   *
   * @param settings what is learned
   * @param schedule how many steps there are
   * @param collector samples completions; null where all are given
   * @param critics none, that of rewards, or those of rewards and costs
   */
  PolicyTraining(
      PolicySettings settings,
      PolicySchedule schedule,
      @Nullable RolloutCollector collector,
      PolicyActor actor,
      List<PolicyCritic> critics,
      CancellationToken cancellation) {
    this.settings = settings;
    this.schedule = schedule;
    this.collector = collector;
    this.actor = actor;
    this.critics = List.copyOf(critics);
    this.cancellation = cancellation;
    this.learner = new PolicyLearner(actor, this.critics, settings.method(), schedule);
    this.networks = new StepNetworks(settings, schedule.steps(), actor, this.critics, cancellation);
    this.warnings =
        new RolloutWarnings(settings.rewards(), settings.method().updates().correction() != null);
    this.state = PolicyState.initial(settings);
  }

  /** Returns the number of steps of the whole training, at least 1. */
  public long steps() {
    requireOpen();
    return schedule.steps();
  }

  /** Returns the number of steps made, over all resumptions. */
  public long done() {
    requireOpen();
    return done;
  }

  /**
   * Returns whether a step is left.
   *
   * @return whether {@link #step()} may be called
   */
  public boolean hasNext() {
    requireOpen();
    return done < steps();
  }

  /**
   * Samples, rewards, compares and learns. A failure before the updates leaves all as it was; after
   * one among them the training is to be taken up from a checkpoint.
   *
   * @return what the step did
   * @throws IllegalStateException after the last step, without prompts, or when closed
   * @throws IllegalArgumentException when a reward or cost is not finite, named by function, sample
   *     and step
   * @throws org.alignment4j.api.ModelExecutionException when a reward function fails or does not
   *     score every completion, named with the step
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted before the updates
   * @throws org.alignment4j.api.TrainingDivergedException when a loss stops being finite
   */
  public Metrics step() {
    requireOpen();
    RolloutCollector sampling = collector;
    if (sampling == null) {
      throw new IllegalStateException(
          "a training that was begun without prompts samples nothing; give it completions by"
              + " step(groups), or prompts by begin(prompts)");
    }
    return step(
        number -> {
          try (DecoderModel policy = actor.present()) {
            return sampling.collect(policy, number, cancellation);
          }
        });
  }

  /**
   * Learns from completions that were sampled and rewarded elsewhere, as {@link #step()} does from
   * its own: the same advantages, updates and metrics. Reward functions are not asked, the rules
   * about ends and lengths of the trainer apply. The ratio is to the policy as it is before the
   * step, as the trainer computes it, which the sampler's log-probabilities are measured against.
   *
   * @param groups at least one; groups may differ in size
   * @return what the step did; {@code sampling/...} is absent where not every answer has
   *     log-probabilities
   * @throws IllegalStateException after the last step, or when closed
   * @throws IllegalArgumentException when the method needs what the completions lack, a token is
   *     unknown, a prompt and its answer do not fit the context, or a reward is not finite, each
   *     named by its place
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted before the updates
   * @throws org.alignment4j.api.TrainingDivergedException when a loss stops being finite
   */
  public Metrics step(List<RewardedGroup> groups) {
    requireOpen();
    GivenRollouts given = GivenRollouts.of(settings, actor, critics);
    return step(number -> given.scored(number, groups));
  }

  private Metrics step(LongFunction<ScoredStep> rollouts) {
    if (!hasNext()) {
      throw new IllegalStateException("all " + steps() + " steps are made");
    }
    long number = done + 1;
    cancellation.throwIfCancelled("policy training");
    return settings.memory().undoingOnFailure(() -> made(number, rollouts.apply(number)));
  }

  private Metrics made(long number, ScoredStep scored) {
    SampledStep sampled = scored.sampled();
    warnings.rewarded(number, scored.rewards());
    StepOutputs outputs = networks.of(number, sampled);
    PolicyAdvantages learned = new AdvantageStage(settings, state, scored, outputs).run();
    if (log != null) {
      log.write(number, schedule.steps(), scored, learned.advantages());
    }
    Map<String, Double> metrics = new LinkedHashMap<>(learned.metrics());
    PolicyLearner.Learned made = learner.learn(number, sampled, learned, state.entropy());
    metrics.putAll(
        StepMetrics.ofTokens(
            sampled, made.old(), outputs.reference(), settings.method().tokenRewards()));
    EntropyUse entropy = settings.terms().entropy();
    entropy.report(metrics, outputs.entropies(), sampled.mask());
    metrics.putAll(made.metrics());
    warnings.measured(number, metrics);
    state = learned.next().with(made.entropy());
    done = number;
    return new Metrics(number, metrics);
  }

  /**
   * Returns the policy as it is now.
   *
   * @return a model of its own; the caller closes it
   */
  public DecoderModel model() {
    requireOpen();
    return actor.model();
  }

  /**
   * Returns the critic of rewards as it is now, to begin another training with.
   *
   * @return a classifier of its own, which the caller closes; empty where the method has no critic
   */
  public Optional<SequenceClassifier> critic() {
    requireOpen();
    return critics.isEmpty() ? Optional.empty() : Optional.of(critics.get(0).classifier());
  }

  /**
   * Returns the critic of costs as it is now.
   *
   * @return a classifier of its own, which the caller closes; empty without a constraint
   */
  public Optional<SequenceClassifier> costCritic() {
    requireOpen();
    return critics.size() < 2 ? Optional.empty() : Optional.of(critics.get(1).classifier());
  }

  /** The model whose weights training started from. */
  DecoderModel start() {
    return actor.start();
  }

  LearningRateSchedule schedule() {
    return actor.schedule();
  }

  /** A hash of the prompts. */
  String fingerprint() {
    return Objects.requireNonNull(collector).sampler().fingerprint();
  }

  /** Everything that is trained, the policy first. */
  List<Network> networks() {
    Stream<Network> others = critics.stream().map(PolicyCritic::network);
    return Stream.concat(Stream.of(actor.network()), others).toList();
  }

  /** Notes completions of the steps that follow; null notes none. */
  void logTo(@Nullable RolloutLog rollouts) {
    log = rollouts;
  }

  RewardMemory memory() {
    return settings.memory();
  }

  PolicyState state() {
    return state;
  }

  /** Goes on after a checkpoint. */
  void resumeAt(long step, PolicyState saved) {
    done = step;
    state = saved;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the training is closed; take its model and metrics before close(), or begin another");
    }
  }

  /** Releases what the training holds; models taken from it stay. Again does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Closing.all(Stream.concat(critics.stream(), Stream.of(actor)).toArray(AutoCloseable[]::new));
  }
}
