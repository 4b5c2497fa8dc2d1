package org.alignment4j.api.oversight;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * Training examples that oversight produced.
 *
 * @param examples what to train on
 * @param transcripts how they came about
 * @param discarded how many prompts gave no example, by failure, pruning or lack of a verdict
 * @param usage what it cost
 * @param <E> the examples
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Feedback<E>(
    List<E> examples, List<Transcript> transcripts, long discarded, Usage usage) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when the count is negative
   */
  public Feedback {
    examples = List.copyOf(examples);
    transcripts = List.copyOf(transcripts);
    Objects.requireNonNull(usage, "usage");
    if (discarded < 0) {
      throw new IllegalArgumentException("discarded must not be negative but was " + discarded);
    }
  }
}
