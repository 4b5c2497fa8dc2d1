package org.alignment4j.core.judge;

import org.apiguardian.api.API;

/**
 * Text under judgement for prompts whose form a benchmark fixes, so that a {@link PromptTemplate}
 * cannot fence it. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgedText {

  private JudgedText() {}

  /**
   * Returns a text in which what a tokenizer or a reader could take for structure is broken up by a
   * space, as in a fenced text: control tokens of chat templates, role names and verdict words that
   * begin a line, and doubled square brackets, in which verdicts stand.
   *
   * @param text written by others
   */
  public static String neutral(String text) {
    return Fence.neutral(text);
  }
}
