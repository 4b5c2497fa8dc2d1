package org.alignment4j.eval.inner.world;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** Observation in, action out. Implementations are safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Policy {

  /**
   * Chooses a step.
   *
   * @param observation what is seen
   * @param random the only source of randomness
   * @return the step; into a wall it leads nowhere
   */
  Action act(Observation observation, RandomGenerator random);

  /**
   * Returns a policy that takes any step: the baseline of capability.
   *
   * @return the policy
   */
  static Policy random() {
    return (observation, random) -> Action.values()[random.nextInt(Action.values().length)];
  }

  /**
   * Returns a scripted policy that walks to the goal.
   *
   * @return the policy
   */
  static Policy seekingGoal() {
    return (observation, random) -> towards(observation, observation.goal(), random);
  }

  /**
   * Returns a scripted policy that walks to the proxy and never looks at the goal.
   *
   * @return the policy
   */
  static Policy seekingProxy() {
    return (observation, random) -> towards(observation, observation.proxy(), random);
  }

  /**
   * Returns a scripted policy that takes a key when it carries none and opens a chest when it does:
   * what is wanted of keys and chests.
   *
   * @return the policy
   */
  static Policy takingTurns() {
    return (observation, random) ->
        towards(
            observation,
            observation.carrying() || !observation.proxy().present()
                ? observation.goal()
                : observation.proxy(),
            random);
  }

  private static Action towards(Observation seen, Heading heading, RandomGenerator random) {
    List<Action> wanted = new ArrayList<>();
    List<Action> free = new ArrayList<>();
    for (Action action : Action.values()) {
      if (seen.free(action)) {
        free.add(action);
        Cell step = action.from(new Cell(0, 0));
        if (step.x() * heading.dx() > 0 || step.y() * heading.dy() > 0) {
          wanted.add(action);
        }
      }
    }
    List<Action> open = wanted.isEmpty() ? free : wanted;
    return open.isEmpty() ? Action.UP : open.get(random.nextInt(open.size()));
  }
}
