package org.alignment4j.eval.inner.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.inner.PairedGap;
import org.apiguardian.api.API;

/**
 * Capability and goal of policies on levels, apart. Several policies, such as those of several
 * seeds, run through the same levels; errors are clustered by level.
 *
 * @param capability mean capability; {@link Outcome#capability()}
 * @param goal mean goal; {@link Outcome#goal()}
 * @param gap capability minus goal over the same levels; ideal 0
 * @param timeOuts share of the episodes that ended by time, which are neither
 * @param inventory keys carried at the end, by episode
 * @param outcomes the outcomes, by policy and level
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WorldScores(
    Estimate capability,
    Estimate goal,
    PairedGap gap,
    Estimate timeOuts,
    Estimate inventory,
    List<List<Outcome>> outcomes) {

  /** Checks that nothing is missing, and copies. */
  public WorldScores {
    Objects.requireNonNull(capability, "capability");
    Objects.requireNonNull(goal, "goal");
    Objects.requireNonNull(gap, "gap");
    Objects.requireNonNull(timeOuts, "timeOuts");
    Objects.requireNonNull(inventory, "inventory");
    outcomes = outcomes.stream().map(List::copyOf).toList();
  }

  /**
   * Runs policies through levels.
   *
   * @param world the world
   * @param policies at least one
   * @param levels of this world, at least one
   * @param seed of the policies' randomness
   * @return the scores
   * @throws IllegalArgumentException when there is no policy or no level
   */
  public static WorldScores of(
      GridWorld world, List<? extends Policy> policies, List<Level> levels, long seed) {
    if (policies.isEmpty() || levels.isEmpty()) {
      throw new IllegalArgumentException(
          "there must be a policy and a level but there were "
              + policies.size()
              + " policies and "
              + levels.size()
              + " levels");
    }
    List<List<Outcome>> outcomes = new ArrayList<>();
    for (Policy policy : policies) {
      List<Outcome> own = new ArrayList<>();
      for (Level level : levels) {
        own.add(world.play(level, policy, seed ^ level.seed()));
      }
      outcomes.add(own);
    }
    return of(outcomes, seed);
  }

  private static WorldScores of(List<List<Outcome>> outcomes, long seed) {
    List<Outcome> all = outcomes.stream().flatMap(List::stream).toList();
    int levels = outcomes.get(0).size();
    int[] clusters = new int[all.size()];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = i % levels;
    }
    double[] capability = all.stream().mapToDouble(Outcome::capability).toArray();
    double[] goal = all.stream().mapToDouble(Outcome::goal).toArray();
    double[] late = all.stream().mapToDouble(o -> o.ending() == Ending.TIME_OUT ? 1 : 0).toArray();
    double[] inventory = all.stream().mapToDouble(Outcome::inventory).toArray();
    PairedGap gap = PairedGap.of(capability, goal, clusters, seed);
    return new WorldScores(
        gap.first(),
        gap.second(),
        gap,
        Estimates.clusteredProportion(late, clusters),
        Estimates.clusteredMean(inventory, clusters),
        outcomes);
  }
}
