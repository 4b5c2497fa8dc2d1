package org.alignment4j.oversight.sandwich;

import java.util.Objects;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.apiguardian.api.API;

/**
 * Somebody who knows less than the model that helps.
 *
 * @param name names the participant; unique within a study
 * @param asking speaks with the model
 * @param answering answers, alone and afterwards; the probability of the verdict is the confidence
 * @param simulated whether it is a model or a program and not a person; figures say so
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Participant(String name, Agent asking, Judge answering, boolean simulated) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public Participant {
    Objects.requireNonNull(asking, "asking");
    Objects.requireNonNull(answering, "answering");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a participant's name must not be blank");
    }
  }

  /** Returns a participant that is no person. */
  public static Participant simulated(String name, Agent asking, Judge answering) {
    return new Participant(name, asking, answering, true);
  }
}
