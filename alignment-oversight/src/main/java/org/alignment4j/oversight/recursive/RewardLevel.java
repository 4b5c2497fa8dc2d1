package org.alignment4j.oversight.recursive;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;

/**
 * A level of recursive reward modelling.
 *
 * @param name what to call it
 * @param tasks what is worked on, at least one
 * @param planted outputs with planted flaws as rejected ones, to measure the level's reward model
 *     on; may be empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardLevel(String name, List<RewardTask> tasks, List<PreferencePair> planted) {
  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no task or two have one id
   */
  public RewardLevel {
    Objects.requireNonNull(name, "name");
    tasks = List.copyOf(tasks);
    planted = List.copyOf(planted);
    if (tasks.isEmpty()
        || new HashSet<>(tasks.stream().map(RewardTask::id).toList()).size() < tasks.size()) {
      throw new IllegalArgumentException(
          "level '"
              + name
              + "' must have tasks with ids of their own but has "
              + tasks.stream().map(RewardTask::id).toList());
    }
  }
}
