package org.alignment4j.api.oversight;

import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What one role said at one time.
 *
 * @param role who, such as {@code debater A}
 * @param round when, from 0
 * @param visible what the others read
 * @param hidden reasoning that no other role ever reads; may be empty
 * @param valid whether it kept the protocol's form, possibly after several attempts
 * @param attempts how many attempts were made, at least 1
 * @param usage what all attempts cost
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Turn(
    String role,
    int round,
    String visible,
    String hidden,
    boolean valid,
    int attempts,
    Usage usage) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the round is negative or there was no attempt
   */
  public Turn {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(visible, "visible");
    Objects.requireNonNull(hidden, "hidden");
    Objects.requireNonNull(usage, "usage");
    if (round < 0 || attempts < 1) {
      throw new IllegalArgumentException(
          "round must not be negative and attempts at least 1 but they were "
              + round
              + " and "
              + attempts);
    }
  }

  /**
   * Returns this turn as another role may read it.
   *
   * @return the turn without its hidden reasoning
   */
  public Turn withoutHidden() {
    return hidden.isEmpty() ? this : new Turn(role, round, visible, "", valid, attempts, usage);
  }

  /**
   * Returns this turn with other words.
   *
   * @param words what the others read
   * @return the turn
   */
  public Turn withVisible(String words) {
    return new Turn(role, round, words, hidden, valid, attempts, usage);
  }

  /**
   * Returns this turn with another cost.
   *
   * @param cost what all attempts cost
   * @return the turn
   */
  public Turn withUsage(Usage cost) {
    return new Turn(role, round, visible, hidden, valid, attempts, cost);
  }
}
