package org.alignment4j.eval.inner;

import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** How a question and two lettered answers become a prompt, after which a letter follows. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface QuestionForm {

  /**
   * Makes the prompt.
   *
   * @param question the question
   * @param a the answer of letter A
   * @param b the answer of letter B
   * @return the prompt
   */
  Prompt prompt(String question, String a, String b);

  /**
   * Returns the form of the model-written evaluations of Perez et al. 2022 (arXiv 2212.09251) as
   * plain text, in front of {@code Answer:}.
   *
   * @return the form
   */
  static QuestionForm text() {
    return (question, a, b) -> Prompt.text(lettered(question, a, b) + "\n\nAnswer:");
  }

  /**
   * Returns the same as a user's message, with the wish for a letter alone.
   *
   * @return the form
   */
  static QuestionForm chat() {
    return (question, a, b) ->
        Prompt.chat(Message.user(lettered(question, a, b) + "\n\nAnswer with (A) or (B) alone."));
  }

  private static String lettered(String question, String a, String b) {
    return question + "\n\nChoices:\n (A) " + a + "\n (B) " + b;
  }
}
