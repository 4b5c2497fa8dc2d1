package org.alignment4j.core.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What several voices said about one thing, in order, with marked passages.
 *
 * @param title what it is about
 * @param label its kind, beside the title; may be empty
 * @param facts names and values above what was said, in order, such as the options
 * @param contributions what was said
 * @param verdict what came of it, where it was judged
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Dialogue(
    String title,
    String label,
    Map<String, String> facts,
    List<Contribution> contributions,
    Optional<Section.Verdict> verdict) {

  /** Checks that nothing is missing, and copies. */
  public Dialogue {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(verdict, "verdict");
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    contributions = List.copyOf(contributions);
  }

  /**
   * What one voice said.
   *
   * @param speaker who
   * @param voice which colour it has, from 0; the same for the same side
   * @param spans the text in parts
   * @param hidden what the others did not read, opened on a click; may be empty
   * @param note what it cost, such as {@code 3 attempts, 120 tokens}; may be empty
   */
  public record Contribution(
      String speaker, int voice, List<Span> spans, String hidden, String note) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if the voice is negative
     */
    public Contribution {
      Objects.requireNonNull(speaker, "speaker");
      Objects.requireNonNull(hidden, "hidden");
      Objects.requireNonNull(note, "note");
      spans = List.copyOf(spans);
      if (voice < 0) {
        throw new IllegalArgumentException("voice must not be negative but was " + voice);
      }
    }
  }

  /**
   * A part of a text.
   *
   * @param text the part
   * @param mark how it is marked
   */
  public record Span(String text, Mark mark) {
    /** Checks that nothing is missing. */
    public Span {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(mark, "mark");
    }
  }

  /** How a part of a text is marked. */
  public enum Mark {
    /** Not at all. */
    PLAIN,
    /** As checked and found true, such as a verified quote. */
    VERIFIED,
    /** As checked and not found, such as a quote that is not in the source. */
    REFUTED
  }
}
