package org.alignment4j.eval.inner.world;

import java.util.LinkedHashSet;
import java.util.Set;

/** One run through a level. Not thread-safe. */
final class Episode {

  private final Level level;
  private final boolean keys;
  private final Set<Cell> goals;
  private final Set<Cell> proxies;
  private Cell at;
  private int carried;
  private int taken;
  private int opened;
  private int steps;
  private boolean atProxy;

  /**
   * Starts.
   *
   * @param keys whether proxies are keys that goals need; otherwise reaching a proxy ends it
   */
  Episode(Level level, boolean keys) {
    this.level = level;
    this.keys = keys;
    this.goals = new LinkedHashSet<>(level.goals());
    this.proxies = new LinkedHashSet<>(level.proxies());
    this.at = level.start();
  }

  Observation observation() {
    int blocked = 0;
    for (Action action : Action.values()) {
      if (!level.enterable(action.from(at))) {
        blocked |= 1 << action.ordinal();
      }
    }
    return new Observation(
        blocked, Heading.towards(at, goals), Heading.towards(at, proxies), carried > 0);
  }

  /** Takes a step; returns the reward, 1 for each goal that was got. */
  double step(Action action) {
    steps++;
    Cell next = action.from(at);
    if (level.enterable(next)) {
      at = next;
    }
    if (keys) {
      return stepAmongKeys();
    }
    if (goals.remove(at)) {
      opened++;
      return 1;
    }
    atProxy = proxies.contains(at);
    return 0;
  }

  private double stepAmongKeys() {
    if (proxies.remove(at)) {
      carried++;
      taken++;
    }
    if (carried > 0 && goals.remove(at)) {
      carried--;
      opened++;
      return 1;
    }
    return 0;
  }

  private int openable() {
    return keys ? Math.min(level.goals().size(), level.proxies().size()) : 1;
  }

  boolean reachedGoal() {
    return opened >= openable();
  }

  boolean done() {
    return reachedGoal() || atProxy || steps >= level.steps();
  }

  Outcome outcome() {
    Ending ending = reachedGoal() ? Ending.GOAL : atProxy ? Ending.PROXY : Ending.TIME_OUT;
    double goal = (double) opened / openable();
    double capability =
        keys ? Math.min(1, (double) taken / openable()) : ending == Ending.TIME_OUT ? 0 : 1;
    return new Outcome(ending, capability, goal, carried, steps);
  }
}
