package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {

  private static final String HOSTILE =
      "</pre></td></title><script>alert(1)</script><img src=x onerror='alert(1)'>\" onload=\"x";

  /** The document is written as XML, so a parser proves that no text broke out of its element. */
  private static Document parse(String html) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(html)));
    } catch (Exception e) {
      throw new AssertionError("not well-formed", e);
    }
  }

  private static List<Element> elements(Document document, String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static Report hostile() {
    Estimate estimate = Estimates.proportion(1, 2);
    return Report.builder(HOSTILE)
        .subtitle(HOSTILE)
        .add(Section.text(HOSTILE, HOSTILE))
        .add(new Section.Tabular(HOSTILE, Table.of(HOSTILE).row(Cell.text(HOSTILE)), HOSTILE))
        .add(
            new Section.Charts(
                HOSTILE,
                List.of(
                    new Chart.Bars(HOSTILE, HOSTILE, List.of(HOSTILE), List.of())
                        .with(HOSTILE, List.of(estimate)),
                    new Chart.Lines(HOSTILE, HOSTILE, HOSTILE, List.of())
                        .with(HOSTILE, List.of(Chart.Point.of(estimate, estimate, HOSTILE)))),
                HOSTILE))
        .add(Section.samples(HOSTILE, List.of(Section.Sample.of(HOSTILE).reply(HOSTILE, HOSTILE))))
        .add(new Section.KeyValues(HOSTILE, Map.of(HOSTILE, HOSTILE)))
        .build();
  }

  @Test
  void noTextActsAsMarkup() {
    Document document = parse(hostile().html());
    assertThat(elements(document, "script")).isEmpty();
    assertThat(elements(document, "img")).isEmpty();
    for (Element element : elements(document, "*")) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertThat(element.getAttributes().item(i).getNodeName()).doesNotStartWith("on");
      }
    }
    assertThat(elements(document, "title").get(0).getTextContent()).isEqualTo(HOSTILE);
    assertThat(elements(document, "dd").get(0).getTextContent()).isEqualTo(HOSTILE);
    assertThat(elements(document, "h3").get(0).getTextContent()).isEqualTo(HOSTILE);
  }

  @Test
  void policyForbidsNetworkAndNothingAsksForIt() {
    String html = SampleReport.report().html();
    Document document = parse(html);
    assertThat(elements(document, "meta"))
        .anySatisfy(
            meta -> {
              assertThat(meta.getAttribute("http-equiv")).isEqualTo("Content-Security-Policy");
              assertThat(meta.getAttribute("content"))
                  .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
            });
    assertThat(html).doesNotContain("http://", "https://", "url(", "@import", "<link", "<script");
    assertThat(elements(document, "*"))
        .allSatisfy(e -> assertThat(e.hasAttribute("src")).isFalse());
  }

  @Test
  void directionMarksAndTerminalEscapesAreVisible() {
    String html =
        Report.builder("t")
            .add(Section.text("", "a\u202Eb\u2066c\u200Fd\u001b[31m\u0000\u009be\uD800f\u2028g"))
            .build()
            .html();
    assertThat(html)
        .contains("a[U+202E]b[U+2066]c[U+200F]d[U+001B][31m[U+0000][U+009B]e[U+D800]f[U+2028]g")
        .doesNotContain("\u202E", "\u2066", "\u001b", "\u0000");
    assertThat(VisibleText.lines("👩\u200d🔬\r\né\t")).isEqualTo("👩\u200d🔬\né\t");
  }

  @Test
  void figuresShowTheirIntervalsAndMissingCounts() {
    Document document = parse(SampleReport.report().html());
    List<String> cells = elements(document, "td").stream().map(Element::getTextContent).toList();
    assertThat(cells).contains("71.0 % [64.4, 76.8]", "62.2 % [52.4, 71.2] 2 unscored");
    assertThat(elements(document, "td"))
        .anySatisfy(td -> assertThat(td.getAttribute("title")).isEqualTo("n = 200, 95 % interval"));
  }

  @Test
  void cellsOfUnknownFigures() {
    assertThat(Cell.figure(Estimates.mean(new double[0])).plain()).isEqualTo("–");
    assertThat(Cell.figure(Estimates.mean(new double[] {1.5})).plain()).isEqualTo("1.500");
    assertThat(Cell.percent(Estimates.mean(new double[0])).plain()).isEqualTo("–");
    assertThat(Cell.number(-0.0001, 2).plain()).isEqualTo("0.00");
    assertThat(Cell.number(-1.25, 1).plain()).isEqualTo("−1.3");
    assertThat(Cell.number(Double.POSITIVE_INFINITY, 1).plain()).isEqualTo("∞");
    assertThat(Cell.count(12).plain()).isEqualTo("12");
  }

  @Test
  void chartsKeepEverythingInsideTheFrame() {
    Document document = parse(SampleReport.report().html());
    assertThat(elements(document, "svg")).hasSize(4);
    assertThat(elements(document, "circle")).hasSize(5);
    for (Element circle : elements(document, "circle")) {
      assertThat(Double.parseDouble(circle.getAttribute("cx"))).isBetween(52.0, 508.0);
      assertThat(Double.parseDouble(circle.getAttribute("cy"))).isBetween(14.0, 252.0);
    }
    assertThat(elements(document, "rect")).hasSize(9);
    for (Element rect : elements(document, "rect")) {
      double bottom =
          Double.parseDouble(rect.getAttribute("y"))
              + Double.parseDouble(rect.getAttribute("height"));
      assertThat(bottom).isBetween(251.8, 252.2);
    }
  }

  @Test
  void gapsEmptyChartsAndConstantsAreDrawn() {
    List<Chart.Point> gap =
        List.of(Chart.Point.of(0, 1), Chart.Point.of(1, Double.NaN), Chart.Point.of(2, 1));
    String html =
        Report.builder("t")
            .add(
                Section.charts(
                    "",
                    new Chart.Lines("none", "x", "y", List.of()),
                    new Chart.Lines("gap", "x", "y", List.of()).with("a", gap),
                    new Chart.Bars("empty", "y", List.of(), List.of()),
                    new Chart.Bars("unknown", "y", List.of("g"), List.of())
                        .with("a", List.of(Estimates.mean(new double[0])))))
            .build()
            .html();
    parse(html);
    assertThat(html.split("no data", -1)).hasSize(3);
    assertThat(html).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(html).containsPattern("class=\"line\" d=\"M[0-9. ]+M[0-9. ]+\"");
  }

  @Test
  void rowsOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> Table.of("a", "b").row(Cell.text("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 0 must have 2 cells");
    assertThatThrownBy(() -> new Chart.Bars("t", "y", List.of("g"), List.of()).with("b", List.of()))
        .hasMessageContaining("bars 'b' must have 1 estimates");
  }

  @Test
  void writesTheFile(@TempDir Path folder) {
    Path file = folder.resolve("run/report.html");
    SampleReport.report().write(file);
    assertThat(file).content().startsWith("<!DOCTYPE html>").contains("alignment4j-report");
  }
}
