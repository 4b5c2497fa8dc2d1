package org.alignment4j.oversight.selfalign;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A kind of instruction that a model without help answers badly, such as one that needs knowledge
 * of the present day.
 *
 * @param name the kind, in a few words without a line feed
 * @param seeds topics to begin with, at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record QuestionType(String name, List<String> seeds) {
  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the name is blank or has several lines, or there is no seed
   */
  public QuestionType {
    Objects.requireNonNull(name, "name");
    seeds = List.copyOf(seeds);
    if (name.isBlank() || name.contains("\n")) {
      throw new IllegalArgumentException(
          "a question type's name must be one line that is not blank but was '" + name + "'");
    }
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException(
          "question type '" + name + "' must have at least one seed topic");
    }
  }
}
