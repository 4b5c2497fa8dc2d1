package org.alignment4j.oversight.recursive;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A task whose outputs are to be evaluated.
 *
 * @param id names it; unique within a level
 * @param text the task, as evaluators read it
 * @param prompt what the agent is asked
 * @param sources what outputs rest on; helpers read them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardTask(String id, String text, Prompt prompt, List<String> sources) {
  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the id is blank
   */
  public RewardTask {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(prompt, "prompt");
    sources = List.copyOf(sources);
    if (id.isBlank()) {
      throw new IllegalArgumentException("a task's id must not be blank");
    }
  }
}
