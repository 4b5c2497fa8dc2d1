package org.alignment4j.api.oversight;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * Everything that was said, in order. Grows only by {@link #with}, which returns a new one.
 *
 * @param question what it was about
 * @param turns what was said
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Transcript(String question, List<Turn> turns) {

  /** Checks that nothing is missing, and copies. */
  public Transcript {
    Objects.requireNonNull(question, "question");
    turns = List.copyOf(turns);
  }

  /**
   * Returns a transcript in which nothing has been said.
   *
   * @param question what it will be about
   * @return the transcript
   */
  public static Transcript about(String question) {
    return new Transcript(question, List.of());
  }

  /**
   * Returns this transcript with one more turn.
   *
   * @param turn what was said next
   * @return the longer transcript
   */
  public Transcript with(Turn turn) {
    List<Turn> longer = new ArrayList<>(turns);
    longer.add(turn);
    return new Transcript(question, longer);
  }

  /**
   * Returns what one role may read: its own turns whole, the others' without hidden reasoning.
   *
   * @param role who reads
   * @return the turns, in order
   */
  public List<Turn> visibleTo(String role) {
    return turns.stream().map(t -> t.role().equals(role) ? t : t.withoutHidden()).toList();
  }

  /**
   * Returns what all turns cost.
   *
   * @return the sum over turns
   */
  public Usage usage() {
    return turns.stream().map(Turn::usage).reduce(Usage.NONE, Usage::plus);
  }
}
