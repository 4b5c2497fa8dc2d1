package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
   * What came out, for readers who read nothing else: one sentence and the figures that carry it.
   *
   * @param heading the heading
   * @param sentence the finding in one sentence, with its numbers
   * @param figures the figures behind it, before and after
   * @param note how to read them, below the figures; may be empty
   */
  record Findings(String heading, String sentence, List<Finding> figures, String note)
      implements Section {
    /** Copies the figures. */
    public Findings {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(sentence, "sentence");
      Objects.requireNonNull(note, "note");
      figures = List.copyOf(figures);
    }
  }

  /**
   * One figure of {@link Findings}.
   *
   * @param name what was measured
   * @param before what it is compared with, such as {@code base}
   * @param from the figure before
   * @param to the figure after
   */
  record Finding(String name, String before, Cell from, Cell to) {
    /** Checks that nothing is missing. */
    public Finding {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
    }
  }

  /**
   * Prompts with the replies of several models side by side; each sample opens on a click.
   *
   * @param heading the heading
   * @param samples the samples
   * @param open how many of the first samples are open from the start
   * @param note how the samples were chosen, above them; may be empty
   */
  record Samples(String heading, List<Sample> samples, int open, String note) implements Section {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if {@code open} is negative
     */
    public Samples {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(note, "note");
      samples = List.copyOf(samples);
      if (open < 0) {
        throw new IllegalArgumentException("open must not be negative but was " + open);
      }
    }
  }

  /**
   * Samples of which those of one kind are shown at a time, picked by the kind's name; each sample
   * opens on a click.
   *
   * @param heading the heading
   * @param samples the samples with their kinds
   * @param note how the samples were chosen, above them; may be empty
   */
  record Browser(String heading, List<Sorted> samples, String note) implements Section {
    /** Copies the samples. */
    public Browser {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(note, "note");
      samples = List.copyOf(samples);
    }

    /** Returns every kind with the number of its samples, in the order in which they come. */
    public Map<String, Integer> kinds() {
      Map<String, Integer> kinds = new LinkedHashMap<>();
      samples.forEach(s -> s.kinds().forEach(kind -> kinds.merge(kind, 1, Integer::sum)));
      return Collections.unmodifiableMap(kinds);
    }
  }

  /**
   * A sample of a {@link Browser}.
   *
   * @param sample the sample
   * @param kinds what it is found by, such as {@code refused by base}
   */
  record Sorted(Sample sample, List<String> kinds) {
    /** Copies the kinds. */
    public Sorted {
      Objects.requireNonNull(sample, "sample");
      kinds = List.copyOf(kinds);
    }
  }

  /**
   * A prompt and what each model made of it.
   *
   * @param prompt the prompt as text
   * @param label what kind of prompt it is, above it; may be empty
   * @param replies replies in order
   */
  record Sample(String prompt, String label, List<Reply> replies) {
    /** Copies the replies. */
    public Sample {
      Objects.requireNonNull(prompt, "prompt");
      Objects.requireNonNull(label, "label");
      replies = List.copyOf(replies);
    }

    /** Returns a sample without label and replies. */
    public static Sample of(String prompt) {
      return new Sample(prompt, "", List.of());
    }

    /** Returns this sample with another label. */
    public Sample labelled(String text) {
      return new Sample(prompt, text, replies);
    }

    /** Returns this sample with one more model's reply. */
    public Sample reply(String model, String text) {
      return with(new Reply(model, text, Optional.empty()));
    }

    /** Returns this sample with one more model's reply and what was found of it. */
    public Sample reply(String model, String text, Verdict verdict) {
      return with(new Reply(model, text, Optional.of(verdict)));
    }

    private Sample with(Reply reply) {
      List<Reply> more = new ArrayList<>(replies);
      more.add(reply);
      return new Sample(prompt, label, more);
    }
  }

  /**
   * A model's reply.
   *
   * @param model the model's name
   * @param text the reply
   * @param verdict what was found of it, where it was judged
   */
  record Reply(String model, String text, Optional<Verdict> verdict) {
    /** Checks that nothing is missing. */
    public Reply {
      Objects.requireNonNull(model, "model");
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(verdict, "verdict");
    }
  }

  /**
   * What was found of a reply.
   *
   * @param text in a word or two, such as {@code refused}
   * @param good whether it is what was wanted
   */
  record Verdict(String text, boolean good) {
    /** Checks that nothing is missing. */
    public Verdict {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * What several voices said, such as debates; each opens on a click.
   *
   * @param heading the heading
   * @param dialogues the dialogues
   * @param open how many of the first are open from the start
   * @param note how they were chosen, above them; may be empty
   */
  record Dialogues(String heading, List<Dialogue> dialogues, int open, String note)
      implements Section {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if {@code open} is negative
     */
    public Dialogues {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(note, "note");
      dialogues = List.copyOf(dialogues);
      if (open < 0) {
        throw new IllegalArgumentException("open must not be negative but was " + open);
      }
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

  /**
   * Texts token by token, each token coloured by a weight: one colour above zero, another below,
   * the stronger the further from it within the section.
   *
   * @param heading the heading
   * @param rows the texts in order
   * @param note how to read them, below; may be empty
   */
  record Tokens(String heading, List<TokenRow> rows, String note) implements Section {
    /** Copies the texts. */
    public Tokens {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(note, "note");
      rows = List.copyOf(rows);
    }
  }

  /**
   * A text of {@link Tokens}.
   *
   * @param label what stands before it, such as where it is from; may be empty
   * @param tokens its tokens in order
   */
  record TokenRow(String label, List<Token> tokens) {
    /** Copies the tokens. */
    public TokenRow {
      Objects.requireNonNull(label, "label");
      tokens = List.copyOf(tokens);
    }
  }

  /**
   * A token of a text.
   *
   * @param text as it reads
   * @param weight how strongly it is coloured; NaN for not at all
   */
  record Token(String text, double weight) {
    /** Checks that nothing is missing. */
    public Token {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * Parts of which one is shown at a time, picked by its name or its small picture.
   *
   * @param heading the heading
   * @param columns how many names stand side by side; 0 for as many as fit
   * @param tabs the parts; the first is shown until another is picked
   * @param note how to read them, above; may be empty
   */
  record Tabs(String heading, int columns, List<Tab> tabs, String note) implements Section {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no part, or {@code columns} is negative
     */
    public Tabs {
      Objects.requireNonNull(heading, "heading");
      Objects.requireNonNull(note, "note");
      tabs = List.copyOf(tabs);
      if (tabs.isEmpty()) {
        throw new IllegalArgumentException("tabs must have a part but have none");
      }
      if (columns < 0) {
        throw new IllegalArgumentException("columns must not be negative but was " + columns);
      }
    }
  }

  /**
   * A part of {@link Tabs}.
   *
   * @param label its name
   * @param picture what it looks like, where it is picked by that
   * @param sections what it shows
   */
  record Tab(String label, Optional<Thumbnail> picture, List<Section> sections) {
    /** Copies the sections. */
    public Tab {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(picture, "picture");
      sections = List.copyOf(sections);
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
    return new Samples(heading, samples, 1, "");
  }
}
