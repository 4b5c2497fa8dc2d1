package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/** A part of a {@link Report} under its own heading. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public sealed interface Section {

  /** Returns the heading; may be empty, then the section continues the one before. */
  String heading();

  /**
   * Prose.
   *
   * @param heading the heading
   * @param paragraphs plain text, one element a paragraph
   */
  record Text(String heading, List<String> paragraphs) implements Section {
    /** Copies the paragraphs. */
    public Text {
      Objects.requireNonNull(heading, "heading");
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /**
   * A table.
   *
   * @param heading the heading
   * @param table rows and columns
   * @param note how to read it, below the table; may be empty
   */
  record Tabular(String heading, Table table, String note) implements Section {
    /** Checks that nothing is missing. */
    public Tabular {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(note, "note");
    }
  }

  /**
   * Charts side by side where there is room.
   *
   * @param heading the heading
   * @param charts the charts
   * @param note how to read them, below the charts; may be empty
   */
  record Charts(String heading, List<Chart> charts, String note) implements Section {
    /** Copies the charts. */
    public Charts {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(note, "note");
      charts = List.copyOf(charts);
    }
  }

  /**
   * Prompts with the replies of several models side by side; each sample opens on a click.
   *
   * @param heading the heading
   * @param samples the samples
   * @param open how many of the first samples are open from the start
   */
  record Samples(String heading, List<Sample> samples, int open) implements Section {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if {@code open} is negative
     */
    public Samples {
      Objects.requireNonNull(heading, "heading");
      samples = List.copyOf(samples);
      if (open < 0) {
        throw new IllegalArgumentException("open must not be negative but was " + open);
      }
    }
  }

  /**
   * A prompt and what each model made of it.
   *
   * @param prompt the prompt as text
   * @param replies replies by model name, in order
   */
  record Sample(String prompt, Map<String, String> replies) {
    /** Copies the replies in their order. */
    public Sample {
      Objects.requireNonNull(prompt, "prompt");
      replies = Collections.unmodifiableMap(new LinkedHashMap<>(replies));
    }

    /** Returns a sample without replies. */
    public static Sample of(String prompt) {
      return new Sample(prompt, Map.of());
    }

    /** Returns this sample with one more model's reply. */
    public Sample reply(String model, String text) {
      Map<String, String> more = new LinkedHashMap<>(replies);
      more.put(model, text);
      return new Sample(prompt, more);
    }
  }

  /**
   * Names and values, such as the provenance of a run: configuration, seeds, hashes, versions.
   *
   * @param heading the heading
   * @param values values by name, in order
   */
  record KeyValues(String heading, Map<String, String> values) implements Section {
    /** Copies the values in their order. */
    public KeyValues {
      Objects.requireNonNull(heading, "heading");
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /** Returns a section of prose. */
  static Section text(String heading, String... paragraphs) {
    return new Text(heading, List.of(paragraphs));
  }

  /** Returns a section of one table without a note. */
  static Section table(String heading, Table table) {
    return new Tabular(heading, table, "");
  }

  /** Returns a section of charts without a note. */
  static Section charts(String heading, Chart... charts) {
    return new Charts(heading, List.of(charts), "");
  }

  /** Returns a section of samples, the first of them open. */
  static Section samples(String heading, List<Sample> samples) {
    return new Samples(heading, new ArrayList<>(samples), 1);
  }
}
