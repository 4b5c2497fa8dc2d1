package org.alignment4j.oversight.agent;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * What a reply says.
 *
 * @param visible what the others read
 * @param hidden reasoning that nobody else reads; may be empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Speech(String visible, String hidden) {
  private static final Pattern THINKING =
      Pattern.compile("<\\s*+(/?+)\\s*+think(?:ing)?+\\s*+>", Pattern.CASE_INSENSITIVE);

  /** Checks that nothing is missing. */
  public Speech {
    Objects.requireNonNull(visible, "visible");
    Objects.requireNonNull(hidden, "hidden");
  }

  /**
   * Divides a reply into what it says aloud and the thinking that its model marked as such. An
   * opening tag that is never closed hides what follows it; a closing one that was never opened
   * hides everything before it, for templates may have opened it in the prompt.
   */
  public static Speech of(String reply) {
    Matcher thinking = THINKING.matcher(reply);
    StringBuilder hidden = new StringBuilder();
    StringBuilder visible = new StringBuilder();
    int depth = 0;
    int from = 0;
    while (thinking.find()) {
      boolean closes = !thinking.group(1).isEmpty();
      if (closes && depth == 0) {
        hidden.append(hidden.isEmpty() ? "" : "\n").append(visible);
        visible.setLength(0);
      }
      (depth == 0 && !closes ? visible : hidden).append(reply, from, thinking.start());
      hidden.append(closes || hidden.isEmpty() ? "" : "\n");
      depth = Math.max(0, depth + (closes ? -1 : 1));
      from = thinking.end();
    }
    (depth == 0 ? visible : hidden).append(reply, from, reply.length());
    return new Speech(visible.toString(), hidden.toString().strip());
  }

  /** Returns this speech with more thinking before its own. */
  Speech after(String thinking) {
    String between = thinking.isEmpty() || hidden.isEmpty() ? "" : "\n";
    return new Speech(visible, thinking + between + hidden);
  }
}
