package org.alignment4j.pocket.world;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/**
 * A short text about a stranger with a question that it answers.
 *
 * @param sentences the sentences of the text, each of which states one fact
 * @param supporting index of the sentence that answers the question
 * @param question the question; its fact holds in this text only
 */
public record Passage(List<String> sentences, int supporting, Question question) {

  /**
   * Copies the sentences.
   *
   * @throws IndexOutOfBoundsException if no sentence has the index {@code supporting}
   */
  public Passage {
    sentences = List.copyOf(sentences);
    Objects.checkIndex(supporting, sentences.size());
  }

  /** The whole text. */
  public String text() {
    return String.join(" ", sentences);
  }

  /** The sentence that answers the question. */
  public String support() {
    return sentences.get(supporting);
  }

  /** A value of the asked relation that the text does not give. */
  public String wrongAnswer() {
    return question.wrongOptions().stream()
        .filter(option -> !question.acceptedAnswers().contains(option))
        .findFirst()
        .orElseThrow();
  }

  /** The conversation that shows the text and asks the question. */
  public Prompt.Chat prompt() {
    return Prompt.chat(Message.user(message()));
  }

  String message() {
    return "Read this: " + text() + " " + question.text();
  }
}
