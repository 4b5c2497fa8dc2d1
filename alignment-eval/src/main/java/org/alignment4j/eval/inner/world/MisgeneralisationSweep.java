package org.alignment4j.eval.inner.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * How much decorrelated training it takes until an agent pursues the goal and not the proxy
 * (Langosco et al. 2021, arXiv 2105.14111, section 3.1): agents of several seeds are trained at
 * each share of decorrelated levels, and all run through the same held-out levels, in which goal
 * and proxy part, and through levels like those of training. Baselines are a random policy and
 * agents trained on decorrelated levels alone. Immutable and thread-safe.
 *
 * @param world the world
 * @param training how agents are trained
 * @param shares shares of decorrelated training levels, in [0, 1]
 * @param seeds of the agents, at least 3
 * @param levels held-out levels of each kind, at least 2
 * @param levelSeed what the held-out levels are drawn from
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MisgeneralisationSweep(
    GridWorld world,
    QLearning training,
    List<Double> shares,
    List<Long> seeds,
    int levels,
    long levelSeed) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a share is out of range, there is none, or there are too
   *     few seeds or levels
   */
  public MisgeneralisationSweep {
    Objects.requireNonNull(world, "world");
    Objects.requireNonNull(training, "training");
    shares = List.copyOf(shares);
    seeds = List.copyOf(seeds);
    if (shares.isEmpty() || shares.stream().anyMatch(share -> !(share >= 0 && share <= 1))) {
      throw new IllegalArgumentException("shares must hold values in [0, 1] but were " + shares);
    }
    if (seeds.size() < 3) {
      throw new IllegalArgumentException(
          "seeds must be at least 3, since one agent may generalise by luck, but were " + seeds);
    }
    if (levels < 2) {
      throw new IllegalArgumentException("levels must be at least 2 but was " + levels);
    }
  }

  /**
   * Returns the usual sweep: shares of 0, 1, 2, 5 and 10 %, three seeds, 200 levels of each kind.
   *
   * @param world the world
   * @return the sweep
   */
  public static MisgeneralisationSweep of(GridWorld world) {
    return new MisgeneralisationSweep(
        world,
        QLearning.standard(),
        List.of(0.0, 0.01, 0.02, 0.05, 0.1),
        List.of(1L, 2L, 3L),
        200,
        1);
  }

  /**
   * What agents came to.
   *
   * @param name such as {@code 5 %} or {@code random policy}
   * @param share share of decorrelated training levels; NaN when nothing was trained
   * @param alike on levels like those of training
   * @param apart on levels in which goal and proxy part
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Arm(String name, double share, WorldScores alike, WorldScores apart) {

    /** Checks that nothing is missing. */
    public Arm {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(alike, "alike");
      Objects.requireNonNull(apart, "apart");
    }
  }

  /**
   * Runs the sweep.
   *
   * @param cancellation asks to stop before the next agent
   * @return an arm for each share, in order; then the agents trained on decorrelated levels alone,
   *     and the random policy
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<Arm> run(CancellationToken cancellation) {
    List<Level> alike = heldOut(false);
    List<Level> apart = heldOut(true);
    List<Arm> arms = new ArrayList<>();
    for (double share : shares) {
      arms.add(arm(percent(share) + " decorrelated", share, alike, apart, cancellation));
    }
    arms.add(arm("decorrelated only", 1, alike, apart, cancellation));
    List<Policy> random = seeds.stream().map(seed -> Policy.random()).toList();
    arms.add(arm("random policy", Double.NaN, random, alike, apart));
    return List.copyOf(arms);
  }

  private Arm arm(
      String name,
      double share,
      List<Level> alike,
      List<Level> apart,
      CancellationToken cancellation) {
    List<Policy> agents = new ArrayList<>();
    for (long seed : seeds) {
      cancellation.throwIfCancelled("a sweep of decorrelated levels");
      agents.add(training.train(world, share, seed));
    }
    return arm(name, share, agents, alike, apart);
  }

  private Arm arm(
      String name, double share, List<Policy> policies, List<Level> alike, List<Level> apart) {
    return new Arm(
        name,
        share,
        WorldScores.of(world, policies, alike, levelSeed),
        WorldScores.of(world, policies, apart, levelSeed));
  }

  private List<Level> heldOut(boolean decorrelated) {
    return LongStream.range(0, levels)
        .mapToObj(i -> world.level(levelSeed * 1_000_003 + i, decorrelated))
        .toList();
  }

  private static String percent(double share) {
    double hundredths = share * 100;
    return (hundredths == Math.rint(hundredths)
            ? Long.toString(Math.round(hundredths))
            : Double.toString(hundredths))
        + " %";
  }
}
