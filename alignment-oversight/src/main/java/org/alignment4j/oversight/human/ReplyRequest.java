package org.alignment4j.oversight.human;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * A prompt that a person answers in a model's place.
 *
 * @param prompt a text or a conversation
 * @param draw tells apart several replies to one prompt; empty where one is enough
 * @param form what the reply must be like; empty where anything will do
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReplyRequest(Prompt prompt, String draw, Optional<? extends ReplyParser<?>> form) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the prompt is of token ids
   */
  public ReplyRequest {
    Objects.requireNonNull(draw, "draw");
    Objects.requireNonNull(form, "form");
    if (prompt instanceof Prompt.Tokens) {
      throw new IllegalArgumentException(
          "a person's prompt must be a text or a conversation but was of token ids; ask by text");
    }
  }

  /**
   * Returns what is wrong with a reply, as a person can be told.
   *
   * @return what it lacks, and the form; empty when it will do
   */
  public Optional<String> problem(String reply) {
    return form.flatMap(
        parser ->
            parser.parse(new Reply(reply, false)) instanceof Parsed.Nothing<?> nothing
                ? Optional.of(nothing.problem() + " " + parser.form())
                : Optional.empty());
  }
}
