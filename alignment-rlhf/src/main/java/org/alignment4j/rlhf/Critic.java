package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.rlhf.policy.ClippedValueLoss;
import org.alignment4j.rlhf.policy.ValueLoss;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.LoraConfig;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The network that tells what a completion will be worth, token by token, and how it learns.
 * Immutable.
 *
 * <p>It is a decoder of its own with a value head, a head of one number, read where the policy's
 * log-probability of a token is read: the value before that token. It shares nothing with the
 * policy; optimiser and bound on the gradient's norm are set as the policy's, noise it has none.
 *
 * @param loss brings values to returns
 * @param coefficient c_v, what the loss is multiplied by, positive. It acts on the bound of the
 *     gradient's norm, and with optimisers that do not scale their steps on the learning rate
 * @param learningRate the highest rate, positive
 * @param schedule the rate of each update; null rises and falls linearly, as the policy's
 * @param adapter low-rank adapter to train, the head beside it; null trains every weight
 * @param start where the critic starts, such as a trained reward model's classifier of one label;
 *     null starts from the policy's base model with a head of zeros, so that every value is 0 at
 *     first. Left as it is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Critic(
    ValueLoss loss,
    double coefficient,
    double learningRate,
    @Nullable LearningRateSchedule schedule,
    @Nullable LoraConfig adapter,
    @Nullable SequenceClassifier start) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a number is out of range, or the start has several labels
   */
  public Critic {
    Objects.requireNonNull(loss, "loss");
    requirePositive("coefficient", coefficient);
    requirePositive("learningRate", learningRate);
    if (start != null && start.labels() != 1) {
      throw new IllegalArgumentException(
          "a critic must start from a classifier of one label but it has " + start.labels());
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite but was " + value);
    }
  }

  /**
   * Returns the critic of PPO: a clipped loss of ε 0.2, c_v 0.1, a learning rate of 1e-5, every
   * weight trained, from the policy's base model. Adapters need a higher rate, such as 1e-4.
   *
   * @return the settings
   */
  public static Critic standard() {
    return new Critic(ValueLoss.ppo(), 0.1, 1e-5, null, null, null);
  }

  /**
   * Returns the critic of safe-rlhf (Dai et al. 2023, arXiv 2310.12773): as {@link #standard()}
   * with a loss clipped at ε 5 and c_v 1.
   *
   * @return the settings
   */
  public static Critic safeRlhf() {
    return new Critic(new ClippedValueLoss(5), 1, 1e-5, null, null, null);
  }

  /**
   * Returns this critic with another loss.
   *
   * @param value brings values to returns
   * @param factor c_v, positive
   * @return the settings
   * @throws IllegalArgumentException when c_v is not positive
   */
  public Critic loss(ValueLoss value, double factor) {
    return new Critic(value, factor, learningRate, schedule, adapter, start);
  }

  /**
   * Returns this critic with another highest learning rate and the linear schedule.
   *
   * @param rate positive
   * @return the settings
   * @throws IllegalArgumentException when the rate is not positive
   */
  public Critic learningRate(double rate) {
    return new Critic(loss, coefficient, rate, null, adapter, start);
  }

  /**
   * Returns this critic with a schedule.
   *
   * @param rates the rate of each update
   * @return the settings
   */
  public Critic schedule(LearningRateSchedule rates) {
    return new Critic(
        loss, coefficient, learningRate, Objects.requireNonNull(rates, "rates"), adapter, start);
  }

  /**
   * Returns this critic with an adapter, such as {@code Lora.rank(16)}.
   *
   * @param config the adapter
   * @return the settings
   */
  public Critic adapter(LoraConfig config) {
    return new Critic(loss, coefficient, learningRate, schedule, config, start);
  }

  /**
   * Returns this critic with another start. It must read the tokens that the policy gives; an
   * adapter it has is trained further by an adapter of the same settings.
   *
   * @param classifier of one label, such as {@code rewardModel.classifier()}; open until training
   *     has begun
   * @return the settings
   * @throws IllegalArgumentException when it has several labels
   */
  public Critic from(SequenceClassifier classifier) {
    return new Critic(
        loss,
        coefficient,
        learningRate,
        schedule,
        adapter,
        Objects.requireNonNull(classifier, "classifier"));
  }

  /** What decides how it learns, for the description of a run. */
  String describe() {
    return "%s x %s, rate %s, schedule %s, adapter %s, from %s"
        .formatted(
            loss,
            coefficient,
            learningRate,
            schedule,
            adapter,
            start == null ? "base" : start.id());
  }
}
