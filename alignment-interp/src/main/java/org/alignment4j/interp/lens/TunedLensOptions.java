package org.alignment4j.interp.lens;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.OptimizerConfig;
import org.alignment4j.runtime.train.SgdConfig;
import org.apiguardian.api.API;

/**
 * How a tuned lens is trained. Immutable.
 *
 * @param translation affine translators or biases alone
 * @param steps updates, at least 1
 * @param tokensPerStep an update takes whole batches until it has at least so many tokens
 * @param excluded tokens at whose places nothing is learned, such as {@code
 *     tokenizer.specialIds()}; padding never counts
 * @param schedule the learning rate
 * @param optimizer which optimiser, and its settings
 * @param maxGradientNorm gradients of all layers together are shrunk to this norm when theirs is
 *     larger; positive
 * @param checkpointEvery updates between two checkpoints, at least 1
 * @param checkpointsKept how many of the newest stay, at least 1
 * @param stopping when the run ends early, on a metric of its steps
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TunedLensOptions(
    Translation translation,
    long steps,
    long tokensPerStep,
    Set<Integer> excluded,
    LearningRateSchedule schedule,
    OptimizerConfig optimizer,
    double maxGradientNorm,
    long checkpointEvery,
    int checkpointsKept,
    Optional<EarlyStopping> stopping) {

  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 1e-3;
  private static final double ADAM_RATE = 1e-3;
  private static final long STEPS = 250;
  private static final long TOKENS_PER_STEP = 1 << 18;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public TunedLensOptions {
    Objects.requireNonNull(translation, "translation");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(stopping, "stopping");
    excluded = Set.copyOf(excluded);
    requirePositive("steps", steps);
    requirePositive("tokensPerStep", tokensPerStep);
    requirePositive("checkpointEvery", checkpointEvery);
    requirePositive("checkpointsKept", checkpointsKept);
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maxGradientNorm must be positive but was " + maxGradientNorm);
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but was " + value);
    }
  }

  /**
   * Returns the settings of Belrose et al. 2023 as {@code tuned-lens} has them: affine, 250 updates
   * of 2^18 tokens, stochastic gradient descent with Nesterov momentum 0.9 and weight decay 1e-3
   * towards the logit lens, a rate that falls linearly from 0.1, gradients of norm 1 at most.
   *
   * @return the settings
   */
  public static TunedLensOptions defaults() {
    return new TunedLensOptions(
        Translation.AFFINE,
        STEPS,
        TOKENS_PER_STEP,
        Set.of(),
        LearningRateSchedule.linear(1 - MOMENTUM),
        SgdConfig.defaults()
            .momentum(MOMENTUM, true)
            .weightDecay(WEIGHT_DECAY, OptimizerConfig.Decayed.ALL),
        1,
        100,
        2,
        Optional.empty());
  }

  /**
   * Returns these settings with Adam at a rate that falls linearly from 1e-3, as {@code tuned-lens}
   * has it for {@code --optimizer adam}.
   *
   * @return new settings
   */
  public TunedLensOptions adam() {
    return optimizer(
        AdamWConfig.defaults().weightDecay(WEIGHT_DECAY, OptimizerConfig.Decayed.ALL),
        LearningRateSchedule.linear(ADAM_RATE));
  }

  /**
   * Returns these settings with other translators.
   *
   * @param other affine, or biases alone
   * @return new settings
   */
  public TunedLensOptions translation(Translation other) {
    return new TunedLensOptions(
        other,
        steps,
        tokensPerStep,
        excluded,
        schedule,
        optimizer,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        stopping);
  }

  /**
   * Returns these settings with another length.
   *
   * @param updates how many
   * @param tokens of an update
   * @return new settings
   */
  public TunedLensOptions steps(long updates, long tokens) {
    return new TunedLensOptions(
        translation,
        updates,
        tokens,
        excluded,
        schedule,
        optimizer,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        stopping);
  }

  /**
   * Returns these settings without some tokens.
   *
   * @param tokens at whose places nothing is learned
   * @return new settings
   */
  public TunedLensOptions excluding(Set<Integer> tokens) {
    return new TunedLensOptions(
        translation,
        steps,
        tokensPerStep,
        tokens,
        schedule,
        optimizer,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        stopping);
  }

  /**
   * Returns these settings with another optimiser.
   *
   * @param config which, and its settings
   * @param rate its learning rate
   * @return new settings
   */
  public TunedLensOptions optimizer(OptimizerConfig config, LearningRateSchedule rate) {
    return new TunedLensOptions(
        translation,
        steps,
        tokensPerStep,
        excluded,
        rate,
        config,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        stopping);
  }

  /**
   * Returns these settings with other checkpoints.
   *
   * @param every updates between two
   * @param kept how many of the newest stay
   * @return new settings
   */
  public TunedLensOptions checkpoints(long every, int kept) {
    return new TunedLensOptions(
        translation,
        steps,
        tokensPerStep,
        excluded,
        schedule,
        optimizer,
        maxGradientNorm,
        every,
        kept,
        stopping);
  }

  /**
   * Returns these settings with an early end.
   *
   * @param rule when the run ends
   * @return new settings
   */
  public TunedLensOptions stopping(EarlyStopping rule) {
    return new TunedLensOptions(
        translation,
        steps,
        tokensPerStep,
        excluded,
        schedule,
        optimizer,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        Optional.of(rule));
  }
}
