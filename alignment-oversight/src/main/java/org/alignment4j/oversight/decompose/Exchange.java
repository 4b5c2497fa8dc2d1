package org.alignment4j.oversight.decompose;

import java.util.Objects;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.oversight.Draw;
import org.apiguardian.api.API;

/**
 * What was asked at a node and what was said.
 *
 * @param prompt what was asked, as text
 * @param reply the last reply
 * @param valid whether it kept the form
 * @param attempts how many replies were drawn
 * @param usage what they cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Exchange(String prompt, String reply, boolean valid, int attempts, Usage usage) {
  /** Checks that nothing is missing. */
  public Exchange {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(usage, "usage");
  }

  static Exchange of(Prompt prompt, Draw<?> draw) {
    return new Exchange(
        text(prompt), draw.reply(), draw.value().isPresent(), draw.attempts(), draw.usage());
  }

  private static String text(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Chat chat) {
      return chat.messages().stream()
          .map(message -> message.role().label() + ":\n" + message.content())
          .collect(Collectors.joining("\n\n"));
    }
    return String.valueOf(((Prompt.Tokens) prompt).ids());
  }
}
