package org.alignment4j.eval.inner;

import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** How a framing and a request become a prompt. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface FramingForm {

  /**
   * Makes the prompt.
   *
   * @param framing what the model is told
   * @param request what it is asked
   * @return the prompt
   */
  Prompt prompt(String framing, String request);

  /**
   * Returns the form of a conversation: the framing is the system's message, the request the
   * user's.
   *
   * @return the form
   */
  static FramingForm chat() {
    return (framing, request) -> Prompt.chat(Message.system(framing), Message.user(request));
  }

  /**
   * Returns a form of plain text for models without a chat template.
   *
   * @return the form
   */
  static FramingForm text() {
    return (framing, request) -> Prompt.text(framing + "\n\nRequest: " + request + "\n\nAnswer:");
  }
}
