package org.alignment4j.core.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.files.AtomicFiles;
import org.apiguardian.api.API;

/**
 * One self-contained HTML file composed of sections. It needs no network and no scripts (its
 * content security policy forbids both), fits phones and wide screens, bright and dark. Every text
 * is escaped; control and direction characters are made visible. Immutable.
 *
 * <pre>{@code
 * Report.builder("Alignment of pocket-1")
 *     .subtitle("before and after")
 *     .add(Section.table("Results", table))
 *     .add(Section.charts("Training", new Chart.Lines("Loss", "step", "nats", List.of()).with("dpo", points)))
 *     .build()
 *     .write(Path.of("report.html"));
 * }</pre>
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Report {

  /** Name in the file's {@code format} entry. */
  public static final String FORMAT = "alignment4j-report";

  /** Number in the file's {@code version} entry. */
  public static final int VERSION = 1;

  private final String title;
  private final String subtitle;
  private final List<Section> sections;

  private Report(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.sections = List.copyOf(builder.sections);
  }

  /** Starts a report. */
  public static Builder builder(String title) {
    return new Builder(title);
  }

  /** Collects the sections of a report, in order. Not thread-safe. */
  public static final class Builder {

    private final String title;
    private final List<Section> sections = new ArrayList<>();
    private String subtitle = "";

    private Builder(String title) {
      this.title = Objects.requireNonNull(title, "title");
    }

    /** Sets the line below the title. */
    public Builder subtitle(String line) {
      this.subtitle = Objects.requireNonNull(line, "line");
      return this;
    }

    /** Adds a section at the end. */
    public Builder add(Section section) {
      sections.add(Objects.requireNonNull(section, "section"));
      return this;
    }

    /** Returns the report. */
    public Report build() {
      return new Report(this);
    }
  }

  /** Returns the title. */
  public String title() {
    return title;
  }

  /** Returns the line below the title; may be empty. */
  public String subtitle() {
    return subtitle;
  }

  /** Returns the sections in order. */
  public List<Section> sections() {
    return sections;
  }

  /** Returns the report as an HTML document. */
  public String html() {
    return new ReportHtml(this).render();
  }

  /**
   * Writes the report; an older file is replaced whole.
   *
   * @throws AlignmentException if the file cannot be written
   */
  public void write(Path path) {
    AtomicFiles.write(path, html());
  }
}
