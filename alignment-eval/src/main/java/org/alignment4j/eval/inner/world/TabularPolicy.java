package org.alignment4j.eval.inner.world;

import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/**
 * A policy of tables: the value of an action is the sum of its values given what is carried and
 * which ways are free, given the goal's heading, given the proxy's, and given all of these. What
 * training never showed has value 0 in its table, so that the others decide: that is what
 * generalises, and misgeneralises. Now and then it takes any step. Made by {@link QLearning};
 * changes no more once it is, and is thread-safe then.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TabularPolicy implements Policy {

  static final int TABLES = 4;
  private static final int WAYS = 1 << Action.values().length;
  private static final int OF_GOAL = 2 * WAYS;
  private static final int OF_PROXY = OF_GOAL + WAYS * Heading.CODES;
  private static final int OF_ALL = OF_PROXY + WAYS * Heading.CODES;
  private static final int SIZE = OF_ALL + 2 * WAYS * Heading.CODES * Heading.CODES;

  private final double[][] values;
  private final double exploration;

  private TabularPolicy(double[][] values, double exploration) {
    this.values = values;
    this.exploration = exploration;
  }

  static TabularPolicy empty(double exploration) {
    return new TabularPolicy(new double[Action.values().length][SIZE], exploration);
  }

  /** The same tables under another share of random steps; what one learns the other knows. */
  TabularPolicy sharing(double newExploration) {
    return new TabularPolicy(values, newExploration);
  }

  @Override
  public Action act(Observation observation, RandomGenerator random) {
    Action[] actions = Action.values();
    if (random.nextDouble() < exploration) {
      return actions[random.nextInt(actions.length)];
    }
    double[] each = values(observation);
    double best = max(each);
    int ties = 0;
    for (double value : each) {
      ties += value == best ? 1 : 0;
    }
    int take = random.nextInt(ties);
    for (Action action : actions) {
      if (each[action.ordinal()] == best && take-- == 0) {
        return action;
      }
    }
    return actions[0];
  }

  static double max(double[] values) {
    double max = values[0];
    for (double value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /**
   * Returns what the policy expects of each action.
   *
   * @param observation what is seen
   * @return discounted rewards by the ordinal of the {@link Action}
   */
  public double[] values(Observation observation) {
    int[] rows = rows(observation);
    double[] sums = new double[values.length];
    for (int a = 0; a < sums.length; a++) {
      for (int row : rows) {
        sums[a] += values[a][row];
      }
    }
    return sums;
  }

  /** Moves the value of an action; the tables share the move. */
  void move(Observation observation, Action action, double by) {
    for (int row : rows(observation)) {
      values[action.ordinal()][row] += by / TABLES;
    }
  }

  private static int[] rows(Observation seen) {
    int carrying = seen.carrying() ? 1 : 0;
    int goal = seen.blocked() * Heading.CODES + seen.goal().code();
    int proxy = seen.blocked() * Heading.CODES + seen.proxy().code();
    int all = (goal * Heading.CODES + seen.proxy().code()) * 2 + carrying;
    return new int[] {
      seen.blocked() * 2 + carrying, OF_GOAL + goal, OF_PROXY + proxy, OF_ALL + all
    };
  }
}
