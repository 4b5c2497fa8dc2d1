package org.alignment4j.eval.refusal;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;

/**
 * How a request is put to a model. Refusals depend on it more than on most else: with its system
 * prompt, Llama 2 refuses thrice as many safe requests of XSTest as without.
 *
 * @param name what the provenance tells
 * @param prompt makes the prompt of a request
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RequestForm(String name, Function<String, Prompt> prompt) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank
   */
  public RequestForm {
    Objects.requireNonNull(prompt, "prompt");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
  }

  /**
   * Returns requests as user messages, without a system prompt.
   *
   * @return the form
   */
  public static RequestForm chat() {
    return new RequestForm("chat", request -> Prompt.chat(List.of(Message.user(request))));
  }

  /**
   * Returns requests as user messages after a system prompt.
   *
   * @param system the system prompt
   * @return the form
   */
  public static RequestForm chat(String system) {
    return new RequestForm(
        "chat with system prompt " + ContentHash.of(system).hex(),
        request -> Prompt.chat(List.of(Message.system(system), Message.user(request))));
  }

  /**
   * Returns requests as plain text to be continued, for models without a chat template.
   *
   * @return the form
   */
  public static RequestForm text() {
    return new RequestForm("text", Prompt::text);
  }
}
