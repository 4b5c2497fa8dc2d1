package org.alignment4j.eval.factuality;

import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** How a prompt reaches a model: figures move with it, so it is part of a benchmark's options. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum PromptStyle {
  /** As text to be continued, for base models. */
  TEXT,
  /** As a user's message, which the model renders by its chat template. */
  CHAT;

  /**
   * Returns the prompt of a text.
   *
   * @param text what is asked
   * @return the prompt
   */
  public Prompt prompt(String text) {
    return this == TEXT ? Prompt.text(text) : Prompt.chat(Message.user(text));
  }
}
