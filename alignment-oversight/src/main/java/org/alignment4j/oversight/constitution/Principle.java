package org.alignment4j.oversight.constitution;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A principle of a constitution (Bai et al. 2022, sections 3.1 and 4.1): a pair of requests by
 * which an answer is criticised and revised, a question by which two answers are compared, or both.
 *
 * @param id names it; unique within a constitution
 * @param critique asks what is wrong with an answer; empty when it is for comparisons alone
 * @param revision asks for a better answer; empty when it is for comparisons alone
 * @param comparison says which of two answers is to be preferred; empty when it is for revisions
 *     alone
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Principle(String id, String critique, String revision, String comparison) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the id is blank, critique and revision do not come together
   *     or there is nothing but an id
   */
  public Principle {
    Objects.requireNonNull(comparison, "comparison");
    if (id.isBlank()) {
      throw new IllegalArgumentException("a principle's id must not be blank");
    }
    if (critique.isBlank() != revision.isBlank()) {
      throw new IllegalArgumentException(
          "principle '" + id + "' must have both critique and revision, or neither");
    }
    if (revision.isBlank() && comparison.isBlank()) {
      throw new IllegalArgumentException(
          "principle '" + id + "' must have critique and revision, or comparison, or all three");
    }
  }

  /** Whether answers can be revised by it. */
  public boolean revises() {
    return !revision.isBlank();
  }

  /** Whether answers can be compared by it. */
  public boolean compares() {
    return !comparison.isBlank();
  }
}
