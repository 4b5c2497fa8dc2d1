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
  private static final int MAX_DATA_ROWS = 200;

  /** As many columns of figures with intervals fit a phone's width. */
  private static final int MAX_PHONE_COLUMNS = 3;

  private static final int MAX_CARDS = 4;

  private final Report report;
  private final Html html = new Html();
  private int groups;

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
    html.open("header").element("h1", report.title(), "dir", "auto");
    if (!report.subtitle().isEmpty()) {
      html.element("p", report.subtitle(), "class", "subtitle", "dir", "auto");
    }
    html.close();
    contents();
    for (int i = 0; i < report.sections().size(); i++) {
      Section section = report.sections().get(i);
      html.open("section", "id", "s" + i);
      if (!section.heading().isEmpty()) {
        html.element("h2", section.heading(), "dir", "auto");
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
        html.open("a", "href", "#s" + i).isolated(sections.get(i).heading()).close();
      }
    }
    html.close();
  }

  private void body(Section section) {
    if (section instanceof Section.Text text) {
      text.paragraphs().forEach(p -> html.element("p", p, "class", "prose", "dir", "auto"));
    } else if (section instanceof Section.Findings findings) {
      findings(findings);
    } else if (section instanceof Section.Tabular tabular) {
      table(tabular.table(), layout(tabular.table()));
      note(tabular.note());
    } else if (section instanceof Section.Charts charts) {
      html.open("div", "class", "charts");
      charts.charts().forEach(this::chart);
      html.close();
      note(charts.note());
    } else if (section instanceof Section.Samples samples) {
      note(samples.note());
      new SamplesHtml(html).samples(samples);
    } else if (section instanceof Section.Dialogues dialogues) {
      note(dialogues.note());
      new DialoguesHtml(html).dialogues(dialogues);
    } else if (section instanceof Section.Browser browser) {
      note(browser.note());
      new SamplesHtml(html).browser(browser, "f" + groups++);
    } else if (section instanceof Section.Tokens tokens) {
      tokens(tokens);
    } else if (section instanceof Section.Tabs tabs) {
      tabs(tabs);
    } else if (section instanceof Section.KeyValues values) {
      html.open("dl");
      values
          .values()
          .forEach(
              (name, value) ->
                  html.open("div")
                      .element("dt", name, "dir", "auto")
                      .element("dd", value, "dir", "auto")
                      .close());
      html.close();
    }
  }

  private void note(String note) {
    if (!note.isEmpty()) {
      html.element("p", note, "class", "note", "dir", "auto");
    }
  }

  private void findings(Section.Findings findings) {
    html.element("p", findings.sentence(), "class", "verdict", "dir", "auto");
    html.open("div", "class", "findings");
    for (Section.Finding finding : findings.figures()) {
      html.open("div", "class", "finding").element("h3", finding.name(), "dir", "auto");
      html.open("p", "class", "to");
      content(finding.to());
      html.close().open("p", "class", "from").isolated(finding.before()).text(": ");
      content(finding.from());
      html.close().close();
    }
    html.close();
    note(findings.note());
  }

  /**
   * How a table looks on a phone when its columns do not fit: a few rows become cards, each value
   * beside its column's name; more rows are there to be compared, so that they stay a table, whose
   * first column stays in sight while the others are scrolled.
   */
  private static String layout(Table table) {
    if (table.columns().size() <= MAX_PHONE_COLUMNS) {
      return "plain";
    }
    return table.rows().size() <= MAX_CARDS ? "cards" : "pinned";
  }

  private void table(Table table, String layout) {
    html.open("div", "class", layout.equals("pinned") ? "scroll pinning" : "scroll");
    html.open("table", "class", layout).open("thead").open("tr");
    for (int c = 0; c < table.columns().size(); c++) {
      html.element(
          "th",
          table.columns().get(c),
          "class",
          align(table.numeric(c)),
          "scope",
          "col",
          "dir",
          "auto");
    }
    html.close().close().open("tbody");
    for (List<Cell> row : table.rows()) {
      html.open("tr");
      for (int c = 0; c < row.size(); c++) {
        cell(row.get(c), table.numeric(c), table.columns().get(c));
      }
      html.close();
    }
    html.close().close().close();
  }

  private void cell(Cell cell, boolean numeric, String column) {
    if (cell instanceof Cell.Figure figure) {
      Estimate e = figure.estimate();
      String counts =
          "n = " + e.n() + (e.clusters() == e.n() ? "" : ", clusters = " + e.clusters());
      String level = ", " + Figures.significant(e.confidence() * 100) + " % interval";
      html.open("td", "class", align(numeric), "data-label", column, "title", counts + level);
    } else {
      html.open("td", "class", align(numeric), "data-label", column);
    }
    html.open("span");
    content(cell);
    html.close().close();
  }

  private void content(Cell cell) {
    html.isolated(cell.main());
    if (cell.aside().isEmpty()) {
      return;
    }
    // An interval is read as one thing and is never broken across lines.
    String interval = cell instanceof Cell.Figure figure ? figure.interval() : "";
    html.text(" ").open("bdi", "class", "aside");
    if (!interval.isEmpty()) {
      html.element("span", interval, "class", "whole");
    }
    html.text(cell.aside().substring(interval.length())).close();
  }

  private static String align(boolean numeric) {
    return numeric ? "figure" : "words";
  }

  private void chart(Chart chart) {
    html.open("figure").element("figcaption", chart.title(), "dir", "auto");
    SvgChart svg = new SvgChart(html);
    List<String> names = SvgChart.names(chart);
    if (names.size() > 1) {
      html.open("ul", "class", "legend");
      for (int s = 0; s < names.size(); s++) {
        html.open("li");
        svg.swatch(chart, s);
        html.isolated(names.get(s)).close();
      }
      html.close();
    }
    svg.draw(chart);
    html.open("details", "class", "data").element("summary", "Data");
    table(ChartData.table(chart, MAX_DATA_ROWS), "plain");
    html.close().close();
  }

  private void tokens(Section.Tokens section) {
    double largest =
        section.rows().stream()
            .flatMap(row -> row.tokens().stream())
            .mapToDouble(token -> Math.abs(token.weight()))
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    for (Section.TokenRow row : section.rows()) {
      html.open("p", "class", "tokens", "dir", "auto");
      if (!row.label().isEmpty()) {
        html.element("span", row.label(), "class", "label");
      }
      for (Section.Token token : row.tokens()) {
        double strength = largest > 0 ? Math.abs(token.weight()) / largest : 0;
        if (strength > 0) {
          html.element(
              "mark",
              token.text(),
              "class",
              token.weight() > 0 ? "above" : "below",
              "style",
              "--strength: " + Math.round(100 * Math.min(1, strength)) + "%",
              "title",
              Figures.significant(token.weight()));
        } else {
          html.element("span", token.text());
        }
      }
      html.close();
    }
    note(section.note());
  }

  /** Radio buttons show and hide the parts, so that no script is needed. */
  private void tabs(Section.Tabs section) {
    note(section.note());
    String group = "t" + groups++;
    if (section.columns() > 0) {
      html.open("div", "class", "tabs rows", "style", "--columns: " + section.columns());
    } else {
      html.open("div", "class", "tabs");
    }
    for (int i = 0; i < section.tabs().size(); i++) {
      Section.Tab tab = section.tabs().get(i);
      String id = group + "-" + i;
      if (i == 0) {
        html.empty("input", "type", "radio", "name", group, "id", id, "checked", "");
      } else {
        html.empty("input", "type", "radio", "name", group, "id", id);
      }
      html.open("label", "for", id, "dir", "auto");
      tab.picture().ifPresent(p -> html.empty("img", "src", p.dataUri(), "alt", ""));
      html.element("span", tab.label()).close();
      html.open("div", "class", "tab");
      for (Section part : tab.sections()) {
        if (!part.heading().isEmpty()) {
          html.element("h3", part.heading(), "dir", "auto");
        }
        body(part);
      }
      html.close();
    }
    html.close();
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
