package org.alignment4j.oversight;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A question with options to choose from. What is right is known to studies alone: no view holds
 * it.
 *
 * @param id names it; unique within a run
 * @param text the question
 * @param options answers to choose from, at least two, all different
 * @param material sources that experts may read and weak judges may not; may be empty
 * @param answer the index of the right option; empty when unknown
 * @param cluster names what questions share that are not independent, such as their source text
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChoiceQuestion(
    String id,
    String text,
    List<String> options,
    List<String> material,
    OptionalInt answer,
    String cluster) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the id is blank, there are fewer than two options, two are
   *     alike, or the answer is none of them
   */
  public ChoiceQuestion {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(cluster, "cluster");
    options = List.copyOf(options);
    material = List.copyOf(material);
    if (id.isBlank()) {
      throw new IllegalArgumentException("a question's id must not be blank");
    }
    if (options.size() < 2 || new HashSet<>(options).size() < options.size()) {
      throw new IllegalArgumentException(
          "question '" + id + "' must have at least two different options but has " + options);
    }
    if (answer.isPresent() && (answer.getAsInt() < 0 || answer.getAsInt() >= options.size())) {
      throw new IllegalArgumentException(
          "the answer of question '"
              + id
              + "' must be an index below "
              + options.size()
              + " but was "
              + answer.getAsInt());
    }
  }

  /** Returns a question with a known answer, a cluster of its own. */
  public static ChoiceQuestion of(
      String id, String text, List<String> options, int answer, String... material) {
    return new ChoiceQuestion(id, text, options, List.of(material), OptionalInt.of(answer), id);
  }

  /** Returns this question with the options in the reverse order. */
  public ChoiceQuestion swapped() {
    List<String> reversed = new ArrayList<>(options);
    Collections.reverse(reversed);
    return new ChoiceQuestion(
        id,
        text,
        reversed,
        material,
        answer.isPresent() ? OptionalInt.of(options.size() - 1 - answer.getAsInt()) : answer,
        cluster);
  }

  /** Returns this question with other sources. */
  public ChoiceQuestion withMaterial(List<String> other) {
    return new ChoiceQuestion(id, text, options, other, answer, cluster);
  }
}
