package org.alignment4j.interp.fact;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A fact as a text that ends before the answer. Immutable.
 *
 * @param id names the fact within its set
 * @param relation names what is said of the subject, such as {@code P27}; facts of one relation can
 *     be compared
 * @param template the prompt, with {@value #SUBJECT} once where the subject stands
 * @param subject what the fact is about
 * @param target the answer, without the space before it
 * @param paraphrases whole prompts that ask for the same answer in other words; may be empty
 * @param neighbourhood whole prompts about other subjects that have the same answer; may be empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Fact(
    String id,
    String relation,
    String template,
    String subject,
    String target,
    List<String> paraphrases,
    List<String> neighbourhood) {

  /** Stands for the subject in a template. */
  public static final String SUBJECT = "{subject}";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when the template does not have the subject's place exactly
   *     once, or subject or target is blank
   */
  public Fact {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(relation, "relation");
    paraphrases = List.copyOf(paraphrases);
    neighbourhood = List.copyOf(neighbourhood);
    int place = template.indexOf(SUBJECT);
    if (place < 0 || place != template.lastIndexOf(SUBJECT)) {
      throw new IllegalArgumentException(
          "the template of fact "
              + id
              + " must have "
              + SUBJECT
              + " exactly once but was '"
              + template
              + "'");
    }
    requireText(id, "subject", subject);
    requireText(id, "target", target);
  }

  private static void requireText(String id, String name, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "the " + name + " of fact " + id + " must not be blank but was '" + text + "'");
    }
  }

  /**
   * A fact without paraphrases and neighbours.
   *
   * @param id names the fact within its set
   * @param relation names what is said of the subject
   * @param template the prompt, with {@value #SUBJECT} once
   * @param subject what the fact is about
   * @param target the answer
   * @return the fact
   * @throws IllegalArgumentException as the constructor does
   */
  public static Fact of(
      String id, String relation, String template, String subject, String target) {
    return new Fact(id, relation, template, subject, target, List.of(), List.of());
  }

  /** Returns the prompt with the subject in its place. */
  public String prompt() {
    return template.replace(SUBJECT, subject);
  }

  /**
   * Returns this fact with other paraphrases.
   *
   * @param prompts whole prompts
   */
  public Fact withParaphrases(List<String> prompts) {
    return new Fact(id, relation, template, subject, target, prompts, neighbourhood);
  }

  /**
   * Returns this fact with other neighbours.
   *
   * @param prompts whole prompts about other subjects that have the same answer
   */
  public Fact withNeighbourhood(List<String> prompts) {
    return new Fact(id, relation, template, subject, target, paraphrases, prompts);
  }
}
