package org.alignment4j.eval.inner.world;

import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * Q-learning (Watkins 1989) of a {@link TabularPolicy}, one level an episode: {@code Q ← Q + α(r +
 * γ max Q′ − Q)}, with steps at random that grow rarer. Reward is 1 for each goal that is got; the
 * proxy is never rewarded. Immutable and thread-safe.
 *
 * @param episodes training levels, at least 1
 * @param learningRate α at first, in [0, 1]; falls linearly to 0
 * @param discount γ, in (0, 1)
 * @param exploration share of random steps at first; falls linearly to {@code acting}
 * @param acting share of random steps of the trained policy, which frees it where it would go to
 *     and fro
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record QLearning(
    int episodes, double learningRate, double discount, double exploration, double acting) {

  private static final long TRAINING_LEVELS = 0x7261696eL;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public QLearning {
    if (episodes < 1) {
      throw new IllegalArgumentException("episodes must be at least 1 but was " + episodes);
    }
    requireShare("learningRate", learningRate);
    requireShare("exploration", exploration);
    requireShare("acting", acting);
    if (!(discount > 0 && discount < 1)) {
      throw new IllegalArgumentException("discount must be in (0, 1) but was " + discount);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }

  /**
   * Returns settings under which the worlds' training levels are solved.
   *
   * @return 10,000 levels, α 0.2, γ 0.95, random steps from all to 10 %
   */
  public static QLearning standard() {
    return new QLearning(10000, 0.2, 0.95, 1, 0.1);
  }

  /**
   * Trains a policy.
   *
   * @param world where
   * @param decorrelated share of the training levels in which goal and proxy part, in [0, 1]: every
   *     level's part is drawn
   * @param seed of levels and steps
   * @return the policy
   * @throws IllegalArgumentException when the share is out of range
   */
  public TabularPolicy train(GridWorld world, double decorrelated, long seed) {
    requireShare("decorrelated", decorrelated);
    SplittableRandom random = new SplittableRandom(seed);
    TabularPolicy learner = TabularPolicy.empty(1);
    for (int episode = 0; episode < episodes; episode++) {
      double left = 1 - (double) episode / episodes;
      TabularPolicy acts = learner.sharing(acting + (exploration - acting) * left);
      boolean apart = random.nextDouble() < decorrelated;
      Level level = world.level(random.nextLong() ^ TRAINING_LEVELS, apart);
      learn(world.episode(level), acts, learningRate * left, random);
    }
    return learner.sharing(acting);
  }

  private void learn(Episode episode, TabularPolicy policy, double rate, SplittableRandom random) {
    Observation seen = episode.observation();
    while (!episode.done()) {
      Action action = policy.act(seen, random);
      double reward = episode.step(action);
      Observation next = episode.observation();
      double ahead = episode.done() ? 0 : discount * TabularPolicy.max(policy.values(next));
      double expected = policy.values(seen)[action.ordinal()];
      policy.move(seen, action, rate * (reward + ahead - expected));
      seen = next;
    }
  }
}
