package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

/** Heat maps, graphs and coloured tokens. */
final class ReportPicturesTest {

  private static String html(Chart chart) {
    return Report.builder("r").add(Section.charts("Pictures", chart)).build().html();
  }

  private static Chart.HeatMap map(List<List<Double>> values) {
    return new Chart.HeatMap(
        "Patched", "position", "layer", List.of("The <b>", "cat"), List.of("1", "0"), values);
  }

  @Test
  void aHeatMapColoursBySignAndStrength() {
    String html = html(map(List.of(List.of(0.5, -1.0), List.of(Double.NaN, 0.0))));

    assertThat(cell(html, "1, The &lt;b&gt;: 0.5"))
        .contains("class=\"cell above\"")
        .contains("fill-opacity=\"0.52\"");
    assertThat(cell(html, "1, cat: −1"))
        .contains("class=\"cell below\"")
        .contains("fill-opacity=\"1\"");
    assertThat(cell(html, "0, The &lt;b&gt;: –")).contains("class=\"gap\"");
    assertThat(cell(html, "0, cat: 0")).contains("fill-opacity=\"0.04\"");
    assertThat(html).contains("−1 to 1").doesNotContain("The <b>");
    assertThat(html).contains(">layer</th>");
  }

  private static String cell(String html, String title) {
    Matcher found =
        Pattern.compile("<rect[^>]*><title>" + Pattern.quote(title) + "</title>").matcher(html);
    assertThat(found.find()).as("a cell titled " + title).isTrue();
    return found.group();
  }

  @Test
  void aHeatMapOfNothingButZerosIsDrawn() {
    assertThat(html(map(List.of(List.of(0.0, 0.0), List.of(0.0, 0.0)))))
        .contains("0 to 0")
        .doesNotContain("NaN");
  }

  private static Chart.Bars bars(String... groups) {
    return new Chart.Bars("Added", "logits", List.of(groups), List.of())
        .with("part", Collections.nCopies(groups.length, Estimates.proportion(1, 4)));
  }

  @Test
  void namesOfBarsThatDoNotFitInTwoLinesAreWrittenSlanting() {
    String[] many = new String[12];
    Arrays.setAll(many, i -> i + "_attention_out");
    assertThat(html(bars(many)))
        .contains(">11_att…on_out</text>")
        .contains("rotate(-48")
        .contains("viewBox=\"0 0 520 354\"");
    assertThat(html(bars("right answers", "refuses harmful")))
        .doesNotContain("rotate(")
        .contains("viewBox=\"0 0 520 320\"");
  }

  /** Figures of the axis that are wide leave the bars less room than the names were judged by. */
  @Test
  void namesBesideWideFiguresDoNotRunTogether() {
    Chart.Bars bars =
        new Chart.Bars("t", "y", List.of("abcdefghij", "b", "c", "d", "e"), List.of())
            .with("part", Collections.nCopies(5, exact(-123_456.789)));
    assertThat(html(bars)).doesNotContain("rotate(").contains(">abcd…ghij</text>");
  }

  /** Names of parts begin alike, so that what is left of them has to show their ends. */
  @Test
  void namesThatAreCutKeepTheirEnds() {
    String[] many = new String[12];
    Arrays.setAll(many, i -> "string/full_refusal/" + (i % 2 == 0 ? "safe" : "unsafe") + i);
    assertThat(html(bars(many)))
        .contains(">string…/safe0</text>")
        .contains(">string…nsafe1</text>");
  }

  private static Estimate exact(double value) {
    return new Estimate(value, Double.NaN, Double.NaN, Double.NaN, 0.95, 1, 1, 0, 0);
  }

  @Test
  void aHeatMapWithoutNegativeValuesHasAKeyFromZero() {
    assertThat(html(map(List.of(List.of(0.5, 2.0), List.of(Double.NaN, 0.0)))))
        .contains("0 to 2")
        .doesNotContain("−2 to 2");
  }

  @Test
  void refusesAHeatMapWithAnotherNumberOfValues() {
    assertThatThrownBy(() -> map(List.of(List.of(1.0, 2.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values must have 2 rows but have 1");
    assertThatThrownBy(() -> map(List.of(List.of(1.0, 2.0), List.of(1.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values of row '0' must be 2 but are 1");
    assertThatThrownBy(
            () -> new Chart.HeatMap("t", "x", "y", List.of(), List.of("a"), List.of(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have a cell");
  }

  @Test
  void aGraphDrawsStrongerEdgesWider() {
    Chart.Graph graph =
        new Chart.Graph(
            "Circuit",
            List.of(
                new Chart.Node("input", 0),
                new Chart.Node("a0.h1", 1),
                new Chart.Node("m0", 1),
                new Chart.Node("logits", 2)),
            List.of(
                new Chart.Edge("input", "a0.h1", 2, "q"),
                new Chart.Edge("a0.h1", "logits", -1, ""),
                new Chart.Edge("input", "m0", 0, "")));
    String html = html(graph);
    assertThat(edge(html, "input → a0.h1 (q): 2"))
        .contains("edge above")
        .contains("stroke-width=\"6.6\"");
    assertThat(edge(html, "a0.h1 → logits: −1"))
        .contains("edge below")
        .contains("stroke-width=\"3.6\"");
    assertThat(html).contains(">a0.h1</text>");
    Matcher heights = Pattern.compile("class=\"node\" x=\"[^\"]*\" y=\"([^\"]*)\"").matcher(html);
    double[] y = heights.results().mapToDouble(r -> Double.parseDouble(r.group(1))).toArray();
    assertThat(y[0]).isGreaterThan(y[1]);
    assertThat(y[1]).isEqualTo(y[2]).isGreaterThan(y[3]);
  }

  private static String edge(String html, String title) {
    Matcher found =
        Pattern.compile("<path[^>]*><title>" + Pattern.quote(title) + "</title>").matcher(html);
    assertThat(found.find()).as("an edge titled " + title).isTrue();
    return found.group();
  }

  @Test
  void refusesEdgesOfNoNodeAndNodesOfOneName() {
    List<Chart.Node> nodes = List.of(new Chart.Node("a", 0), new Chart.Node("b", 1));
    assertThatThrownBy(() -> new Chart.Graph("g", nodes, List.of(new Chart.Edge("a", "c", 1, ""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no node 'c'");
    assertThatThrownBy(
            () ->
                new Chart.Graph(
                    "g", List.of(new Chart.Node("a", 0), new Chart.Node("a", 1)), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two are 'a'");
    assertThatThrownBy(() -> new Chart.Edge("a", "b", Double.NaN, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void tokensAreColouredByTheirShareOfTheStrongest() {
    String html =
        Report.builder("r")
            .add(
                new Section.Tokens(
                    "Feature 3",
                    List.of(
                        new Section.TokenRow(
                            "story 1",
                            List.of(
                                new Section.Token("Once", 0),
                                new Section.Token(" <upon>", 2),
                                new Section.Token(" a", -1),
                                new Section.Token(" time", Double.NaN)))),
                    "How strongly the feature is active."))
            .build()
            .html();
    assertThat(html)
        .contains("<span>Once</span>")
        .contains(
            "<mark class=\"above\" style=\"--strength: 100%\" title=\"2\"> &lt;upon&gt;</mark>")
        .contains("<mark class=\"below\" style=\"--strength: 50%\" title=\"−1\"> a</mark>")
        .contains("<span> time</span>")
        .contains("How strongly the feature is active.");
  }
}
