package org.alignment4j.oversight.agent;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Parsed;
import org.apiguardian.api.API;

/**
 * Replies that were drawn until enough of them kept their form, or attempts or budget were at their
 * end.
 *
 * @param replies every reply in the order in which they were drawn, at least one
 * @param usage what all of them cost
 * @param <T> what replies say
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Resampled<T>(List<Drawn<T>> replies, Usage usage) {
  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no reply
   */
  public Resampled {
    replies = List.copyOf(replies);
    Objects.requireNonNull(usage, "usage");
    if (replies.isEmpty()) {
      throw new IllegalArgumentException("replies must be at least one but there is none");
    }
  }

  /**
   * One reply.
   *
   * @param attempt in which attempt it was drawn, from 1
   * @param text what the model said
   * @param parsed what it says in its form, or what is wrong with it
   * @param <T> what replies say
   */
  public record Drawn<T>(int attempt, String text, Parsed<T> parsed) {
    /** Whether it keeps its form. */
    public boolean valid() {
      return parsed instanceof Parsed.Value<T>;
    }

    /** What it says aloud, and the thinking that its model marked as such. */
    public Speech said() {
      return Speech.of(text);
    }
  }

  /** Returns what the replies say that keep their form, in the order in which they were drawn. */
  public List<T> values() {
    return replies.stream()
        .map(Drawn::parsed)
        .filter(Parsed.Value.class::isInstance)
        .map(parsed -> ((Parsed.Value<T>) parsed).value())
        .toList();
  }

  /** Returns the last reply: of one that is wanted the first that keeps its form, if any does. */
  public Drawn<T> last() {
    return replies.get(replies.size() - 1);
  }
}
