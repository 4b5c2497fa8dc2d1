package org.alignment4j.api.model;

import java.util.Locale;
import org.apiguardian.api.API;

/** Who speaks in a conversation. */
@API(status = API.Status.STABLE, since = "0.1")
public enum Role {
  /** Sets the terms of the conversation. */
  SYSTEM,
  /** Asks. */
  USER,
  /** Answers; the role of the model. */
  ASSISTANT;

  /**
   * Returns the name used in chat templates, data files and remote protocols.
   *
   * @return {@code system}, {@code user} or {@code assistant}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the role of a name.
   *
   * @param label {@code system}, {@code user} or {@code assistant}
   * @return the role
   * @throws IllegalArgumentException when there is no such role
   */
  public static Role of(String label) {
    for (Role role : values()) {
      if (role.label().equals(label)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "role must be one of system, user, assistant but was '" + label + "'");
  }
}
