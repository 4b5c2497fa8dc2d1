package org.alignment4j.api.model;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A prompt whose reply must be one of given texts.
 *
 * @param prompt what comes before
 * @param choices the texts, at least one, distinct and not empty; after a text they include the
 *     blank that separates them from it
 * @param ended whether the reply must end after the choice, so that the probability is that of the
 *     whole reply. Without it the probability is that of a reply that has a token end where the
 *     choice ends, and no choice may be the beginning of another
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChoiceRequest(Prompt prompt, List<String> choices, boolean ended) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no choice, one is empty or given twice, or one
   *     is the beginning of another although replies need not end
   */
  public ChoiceRequest {
    Objects.requireNonNull(prompt, "prompt");
    choices = List.copyOf(choices);
    if (choices.isEmpty() || choices.contains("")) {
      throw new IllegalArgumentException(
          "choices must be one text or more, none empty, but were " + choices);
    }
    if (new HashSet<>(choices).size() < choices.size()) {
      throw new IllegalArgumentException("choices must be distinct but were " + choices);
    }
    if (!ended) {
      requireNoPrefix(choices);
    }
  }

  private static void requireNoPrefix(List<String> choices) {
    for (String choice : choices) {
      for (String other : choices) {
        if (!choice.equals(other) && other.startsWith(choice)) {
          throw new IllegalArgumentException(
              "no choice may be the beginning of another but '"
                  + choice
                  + "' is of '"
                  + other
                  + "'; ask for replies that end after the choice");
        }
      }
    }
  }

  /**
   * Returns a request for replies that end after the choice.
   *
   * @param prompt what comes before
   * @param choices the texts, at least one, distinct and not empty
   * @return the request
   * @throws IllegalArgumentException when there is no choice, or one is empty or given twice
   */
  public static ChoiceRequest ending(Prompt prompt, String... choices) {
    return new ChoiceRequest(prompt, List.of(choices), true);
  }

  /**
   * Returns a request for replies that go on after the choice as they like.
   *
   * @param prompt what comes before
   * @param choices the texts, at least one, distinct and not empty
   * @return the request
   * @throws IllegalArgumentException when there is no choice, one is empty or given twice, or one
   *     is the beginning of another
   */
  public static ChoiceRequest beginning(Prompt prompt, String... choices) {
    return new ChoiceRequest(prompt, List.of(choices), false);
  }
}
