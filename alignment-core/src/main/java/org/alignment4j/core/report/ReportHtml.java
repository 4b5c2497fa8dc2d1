package org.alignment4j.core.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;

/** Writes one report as HTML. */
final class ReportHtml {

  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  private static final int SUMMARY_LENGTH = 140;
  private static final int MAX_DATA_ROWS = 200;

  private final Report report;
  private final Html html = new Html();

  ReportHtml(Report report) {
    this.report = report;
  }

  String render() {
    html.open("html", "lang", "en").open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty("meta", "name", "referrer", "content", "no-referrer");
    html.empty("meta", "name", "format", "content", Report.FORMAT);
    html.empty("meta", "name", "version", "content", String.valueOf(Report.VERSION));
    html.element("title", report.title());
    html.style(styleSheet());
    html.close().open("body").open("main");
    html.open("header").element("h1", report.title());
    if (!report.subtitle().isEmpty()) {
      html.element("p", report.subtitle(), "class", "subtitle");
    }
    html.close();
    contents();
    for (int i = 0; i < report.sections().size(); i++) {
      Section section = report.sections().get(i);
      html.open("section", "id", "s" + i);
      if (!section.heading().isEmpty()) {
        html.element("h2", section.heading());
      }
      body(section);
      html.close();
    }
    return html.close().close().close().document();
  }

  private void contents() {
    List<Section> sections = report.sections();
    if (sections.stream().filter(s -> !s.heading().isEmpty()).count() < 4) {
      return;
    }
    html.open("nav");
    for (int i = 0; i < sections.size(); i++) {
      if (!sections.get(i).heading().isEmpty()) {
        html.element("a", sections.get(i).heading(), "href", "#s" + i);
      }
    }
    html.close();
  }

  private void body(Section section) {
    if (section instanceof Section.Text text) {
      text.paragraphs().forEach(p -> html.element("p", p, "class", "prose"));
    } else if (section instanceof Section.Tabular tabular) {
      table(tabular.table());
      note(tabular.note());
    } else if (section instanceof Section.Charts charts) {
      html.open("div", "class", "charts");
      charts.charts().forEach(this::chart);
      html.close();
      note(charts.note());
    } else if (section instanceof Section.Samples samples) {
      samples(samples);
    } else if (section instanceof Section.KeyValues values) {
      html.open("dl");
      values
          .values()
          .forEach(
              (name, value) -> html.open("div").element("dt", name).element("dd", value).close());
      html.close();
    }
  }

  private void note(String note) {
    if (!note.isEmpty()) {
      html.element("p", note, "class", "note");
    }
  }

  private void table(Table table) {
    html.open("div", "class", "scroll").open("table").open("thead").open("tr");
    for (int c = 0; c < table.columns().size(); c++) {
      html.element("th", table.columns().get(c), "class", align(table.numeric(c)), "scope", "col");
    }
    html.close().close().open("tbody");
    for (List<Cell> row : table.rows()) {
      html.open("tr");
      for (int c = 0; c < row.size(); c++) {
        cell(row.get(c), table.numeric(c));
      }
      html.close();
    }
    html.close().close().close();
  }

  private void cell(Cell cell, boolean numeric) {
    if (cell instanceof Cell.Figure figure) {
      Estimate e = figure.estimate();
      String counts =
          "n = " + e.n() + (e.clusters() == e.n() ? "" : ", clusters = " + e.clusters());
      String level = ", " + Figures.significant(e.confidence() * 100) + " % interval";
      html.open("td", "class", align(numeric), "title", counts + level);
    } else {
      html.open("td", "class", align(numeric));
    }
    html.text(cell.main());
    if (!cell.aside().isEmpty()) {
      html.text(" ").element("span", cell.aside(), "class", "aside");
    }
    html.close();
  }

  private static String align(boolean numeric) {
    return numeric ? "figure" : "words";
  }

  private void chart(Chart chart) {
    html.open("figure").element("figcaption", chart.title());
    List<String> names = names(chart);
    if (names.size() > 1) {
      html.open("ul", "class", "legend");
      for (int s = 0; s < names.size(); s++) {
        html.open("li", "class", "c" + s % SvgChart.COLOURS)
            .element("span", "", "class", "swatch")
            .text(names.get(s))
            .close();
      }
      html.close();
    }
    new SvgChart(html).draw(chart);
    html.open("details", "class", "data").element("summary", "Data");
    table(ChartData.table(chart, MAX_DATA_ROWS));
    html.close().close();
  }

  private static List<String> names(Chart chart) {
    if (chart instanceof Chart.Lines lines) {
      return lines.series().stream().map(Chart.Series::name).toList();
    }
    return ((Chart.Bars) chart).bars().stream().map(Chart.BarSeries::name).toList();
  }

  private void samples(Section.Samples section) {
    for (int i = 0; i < section.samples().size(); i++) {
      Section.Sample sample = section.samples().get(i);
      if (i < section.open()) {
        html.open("details", "class", "sample", "open", "");
      } else {
        html.open("details", "class", "sample");
      }
      String summary = summary(sample.prompt());
      html.element("summary", summary, "dir", "auto");
      if (!summary.equals(sample.prompt())) {
        html.element("pre", sample.prompt(), "class", "prompt", "dir", "auto");
      }
      html.open("div", "class", "replies");
      sample
          .replies()
          .forEach(
              (model, reply) ->
                  html.open("div", "class", "reply")
                      .element("h3", model)
                      .element("pre", reply, "dir", "auto")
                      .close());
      html.close().close();
    }
  }

  private static String summary(String prompt) {
    String line = prompt.strip().replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= SUMMARY_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, SUMMARY_LENGTH)) + "…";
  }

  private static String styleSheet() {
    try (InputStream css = ReportHtml.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css must lie beside this class but is missing");
      }
      return new String(css.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read report.css", e);
    }
  }
}
