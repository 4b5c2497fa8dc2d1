package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
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

  /** A report with one text in every place that takes a text. */
  private static Report of(String text) {
    Estimate estimate = Estimates.proportion(1, 2);
    List<Chart.Point> many =
        IntStream.range(0, 40).mapToObj(i -> Chart.Point.of(i, estimate)).toList();
    return Report.builder(text)
        .subtitle(text)
        .add(
            new Section.Findings(
                text,
                text,
                List.of(new Section.Finding(text, text, Cell.text(text), Cell.text(text))),
                text))
        .add(Section.text(text, text))
        .add(new Section.Tabular(text, Table.of(text).row(Cell.text(text)), text))
        .add(
            Section.table(
                text,
                Table.of(text, text, text, text)
                    .row(
                        Cell.text(text),
                        Cell.percent(estimate),
                        Cell.unknown(),
                        new Cell.Number(1, 0, text))))
        .add(
            new Section.Charts(
                text,
                List.of(
                    new Chart.Bars(text, text, List.of(text, text), List.of())
                        .with(text, List.of(estimate, estimate))
                        .with(text, List.of(estimate, estimate)),
                    new Chart.Lines(text, text, text, List.of())
                        .with(text, List.of(Chart.Point.of(estimate, estimate, text)))
                        .with(text, many)),
                text))
        .add(
            new Section.Samples(
                text,
                List.of(
                    Section.Sample.of(text)
                        .labelled(text)
                        .reply(text, text, new Section.Verdict(text, true))
                        .reply(text, text)),
                1,
                text))
        .add(new Section.KeyValues(text, Map.of(text, text)))
        .build();
  }

  @Test
  void noTextActsAsMarkup() {
    Document document = parse(of(HOSTILE).html());
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
    for (String tag : List.of("h1", "h2", "th", "td", "dt", "dd", "figcaption", "li", "pre")) {
      assertThat(elements(document, tag))
          .as(tag)
          .isNotEmpty()
          .anySatisfy(e -> assertThat(e.getTextContent()).isEqualTo(HOSTILE));
    }
    assertThat(elements(document, "td"))
        .anySatisfy(e -> assertThat(e.getAttribute("data-label")).isEqualTo(HOSTILE));
  }

  /** Everything that could act on a screen, in every place that takes a text. */
  @Test
  void nothingInAnyTextActsOnTheScreen() {
    String acting =
        "a\u202Eb\u2066c\u200Fd\u061Ce\u001b[31mf\u0000g\u009bh\uD800i\uDC00j\u2028k\uFFFEl\uFDD0m"
            + "\uFEFFn\u0007";
    String html = of(acting).html();
    parse(html);
    assertThat(
            html.codePoints()
                .filter(c -> c != '\n' && c != '\t')
                .filter(
                    c ->
                        Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.SURROGATE
                            || Character.getType(c) == Character.LINE_SEPARATOR
                            || Character.getType(c) == Character.UNASSIGNED))
        .isEmpty();
    assertThat(html)
        .contains(
            "a[U+202E]b[U+2066]c[U+200F]d[U+061C]e[U+001B][31mf[U+0000]g[U+009B]h[U+D800]i[U+DC00]j"
                + "[U+2028]k[U+FFFE]l[U+FDD0]m[U+FEFF]n[U+0007]");
  }

  /** Text that shares a line with other text stands in an element of its own direction. */
  @Test
  void textFromRightToLeftDoesNotReorderItsNeighbours() {
    String hebrew = "\u05d0\u05d1\u05d2";
    Document document = parse(of(hebrew).html());
    List<String> isolating = List.of("h1", "h2", "h3", "th", "p", "pre", "dt", "dd", "figcaption");
    int found = 0;
    for (Element e : elements(document, "*")) {
      boolean own =
          IntStream.range(0, e.getChildNodes().getLength())
              .mapToObj(i -> e.getChildNodes().item(i))
              .anyMatch(
                  n -> n.getNodeType() == Node.TEXT_NODE && n.getTextContent().contains(hebrew));
      if (!own) {
        continue;
      }
      found++;
      String tag = e.getTagName();
      if (isolating.contains(tag) || e.getAttribute("class").equals("label")) {
        assertThat(e.getAttribute("dir")).as(tag).isEqualTo("auto");
      } else {
        assertThat(tag).isIn("bdi", "text", "title");
      }
    }
    assertThat(found).isGreaterThan(30);
  }

  @Test
  void loneSurrogatesDoNotBreakTheFile(@TempDir Path folder) {
    Path file = folder.resolve("report.html");
    of("x\uD83D").write(file);
    assertThat(file).content(StandardCharsets.UTF_8).contains("x[U+D83D]").doesNotContain("\uFFFD");
    of("x".repeat(139) + "😀" + "y".repeat(200)).write(file);
    assertThat(file)
        .content(StandardCharsets.UTF_8)
        .contains("😀…")
        .doesNotContain("\uFFFD", "[U+D");
  }

  @Test
  void promptsThatBeginAlikeAreToldApartByTheirEnds() {
    String shots = "Q: how many? A: two. ".repeat(20);
    String html =
        Report.builder("r")
            .add(
                Section.samples(
                    "s",
                    List.of(
                        Section.Sample.of(shots + "Q: first? A:"),
                        Section.Sample.of(shots + "Q: second? A:"),
                        Section.Sample.of("another one " + shots))))
            .build()
            .html();
    assertThat(html)
        .contains("Q: first? A:</bdi></summary>")
        .contains("Q: second? A:</bdi></summary>")
        .contains("<bdi>another one Q: how");
  }

  @Test
  void findingsComeFirstWithBeforeAndAfter() {
    Document document = parse(SampleReport.report().html());
    Element first = elements(document, "section").get(0);
    assertThat(first.getTextContent())
        .contains("raised refusals of harmful requests from 49 % to 96 %", "96.0 % [90.2, 98.4]")
        .contains("base: 49.0 % [39.4, 58.7]");
  }

  @Test
  void verdictsAreTextAndNotColourAlone() {
    Document document = parse(SampleReport.report().html());
    assertThat(elements(document, "p"))
        .anySatisfy(
            p -> {
              assertThat(p.getAttribute("class")).isEqualTo("mark bad");
              assertThat(p.getTextContent()).isEqualTo("✗ complied");
            });
  }

  /** On phones the style sheet turns such a table into cards that name their columns. */
  @Test
  void wideTablesNameTheColumnInEveryCell() {
    Document document = parse(SampleReport.report().html());
    Element table = elements(document, "table").get(0);
    assertThat(table.getAttribute("class")).isEqualTo("cards");
    NodeList cells = table.getElementsByTagName("td");
    for (int i = 0; i < cells.getLength(); i++) {
      assertThat(((Element) cells.item(i)).getAttribute("data-label"))
          .isEqualTo(SampleReport.table().columns().get(i % 5));
    }
  }

  /** A row more than fits as cards: the first column stays in sight instead. */
  @Test
  void longWideTablesStayTablesOnPhones() {
    Table table = Table.of("model", "a", "b", "c");
    for (int i = 0; i < 5; i++) {
      table =
          table.row(
              Cell.text("m" + i),
              Cell.count(i),
              Cell.count(i),
              Cell.figure(Estimates.proportion(i, 9)));
    }
    Document document = parse(Report.builder("t").add(Section.table("", table)).build().html());
    assertThat(elements(document, "table").get(0).getAttribute("class")).isEqualTo("pinned");
    table = new Table(table.columns(), table.rows().subList(0, 4));
    document = parse(Report.builder("t").add(Section.table("", table)).build().html());
    assertThat(elements(document, "table").get(0).getAttribute("class")).isEqualTo("cards");
  }

  @Test
  void intervalsAreNeverBrokenAcrossLines() {
    Document document = parse(SampleReport.report().html());
    assertThat(
            elements(document, "bdi").stream()
                .filter(e -> e.getAttribute("class").equals("aside"))
                .filter(e -> e.getTextContent().contains("[")))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            aside -> {
              Element whole = (Element) aside.getElementsByTagName("span").item(0);
              assertThat(whole.getAttribute("class")).isEqualTo("whole");
              assertThat(whole.getTextContent()).startsWith("[").endsWith("]");
            });
    assertThat(SampleReport.report().html())
        .containsPattern("\\.whole[^}]*white-space: nowrap")
        .containsPattern("\\[[0-9.]+,\u00a0[0-9.]+\\]");
  }

  /** Two models near each other, the whiskers of one reaching over the other's tag. */
  @Test
  void tagsMeetNoWhisker() {
    Chart.Lines chart =
        new Chart.Lines("t", "x", "y", List.of())
            .with(
                "DPO",
                List.of(
                    new Chart.Point(0.9, 86.2, 0.2, 4.9, 80.7, 90.4, "0 %"),
                    new Chart.Point(92, 78.1, 85.4, 95.7, 71.8, 83.3, "50 %"),
                    new Chart.Point(100, 53.1, 96.7, 100, 46.1, 59.9, "75 %"),
                    new Chart.Point(100, 0, 96.7, 100, 0, 1.9, "100 %")))
            .with("base", List.of(new Chart.Point(61.6, 56.6, 52.4, 70.1, 49.6, 63.4, "base")))
            .with("SFT", List.of(new Chart.Point(69.6, 61.7, 60.6, 77.4, 54.8, 68.3, "SFT")));
    Document document = parse(Report.builder("t").add(Section.charts("", chart)).build().html());
    List<double[]> whiskers =
        elements(document, "path").stream()
            .filter(e -> e.getAttribute("class").equals("whisker"))
            .map(e -> e.getAttribute("d").substring(1).split("[L ]"))
            .map(d -> Stream.of(d).mapToDouble(Double::parseDouble).toArray())
            .toList();
    List<double[]> tags =
        elements(document, "text").stream()
            .filter(e -> e.getAttribute("class").equals("tag"))
            .map(ReportTest::box)
            .toList();
    assertThat(whiskers).hasSize(36);
    assertThat(tags)
        .hasSize(6)
        .allSatisfy(
            tag -> {
              assertThat(whiskers).noneMatch(w -> meet(tag, w));
              assertThat(tags).noneMatch(other -> other != tag && meet(tag, other));
              assertThat(tag[0]).isGreaterThanOrEqualTo(52);
              assertThat(tag[2]).isLessThanOrEqualTo(520);
            });
  }

  /** Left, top, right and bottom of a tag in the larger letters that phones get. */
  private static double[] box(Element tag) {
    double x = Double.parseDouble(tag.getAttribute("x"));
    double y = Double.parseDouble(tag.getAttribute("y"));
    double width = 9.0 * tag.getTextContent().length();
    boolean left = tag.getAttribute("text-anchor").equals("end");
    return new double[] {left ? x - width : x, y - 12, left ? x : x + width, y};
  }

  private static boolean meet(double[] a, double[] b) {
    return Math.min(b[0], b[2]) <= a[2]
        && Math.max(b[0], b[2]) >= a[0]
        && Math.min(b[1], b[3]) <= a[3]
        && Math.max(b[1], b[3]) >= a[1];
  }

  @Test
  void namesOfNeighbouringGroupsDoNotTouch() {
    Estimate half = Estimates.proportion(50, 100);
    Chart.Bars chart =
        new Chart.Bars(
                "t",
                "y",
                List.of("right answers", "benign helped", "harmful refused", "benign refused"),
                List.of())
            .with("base", List.of(half, half, half, half));
    Document document = parse(Report.builder("t").add(Section.charts("", chart)).build().html());
    assertThat(elements(document, "text").stream().map(Element::getTextContent))
        .contains("right", "answers", "benign", "helped", "harmful", "refused")
        .doesNotContain("right answers", "benign helped");
  }

  @Test
  void namesOfTicksDoNotRunTogether() {
    Estimate half = Estimates.proportion(50, 100);
    for (double[] range : new double[][] {{0, 100}, {1e6, 1.3e6}, {1.2e-5, 4.6e-5}, {-3e9, 2e9}}) {
      Chart.Lines chart =
          new Chart.Lines("t", "x", "y", List.of())
              .with("s", List.of(Chart.Point.of(range[0], half), Chart.Point.of(range[1], half)));
      Document document = parse(Report.builder("t").add(Section.charts("", chart)).build().html());
      List<double[]> ticks =
          elements(document, "text").stream()
              .filter(e -> e.getAttribute("y").equals("283"))
              .map(ReportTest::extent)
              .toList();
      assertThat(ticks).as("ticks of %s", Arrays.toString(range)).hasSizeGreaterThan(2);
      for (int i = 1; i < ticks.size(); i++) {
        assertThat(ticks.get(i)[0]).isGreaterThan(ticks.get(i - 1)[1] + 4);
      }
      assertThat(ticks.get(ticks.size() - 1)[1]).isLessThanOrEqualTo(520);
    }
  }

  private static Document lines(String yLabel, double[] xs, double[] ys) {
    List<Chart.Point> points =
        IntStream.range(0, xs.length).mapToObj(i -> Chart.Point.of(xs[i], ys[i])).toList();
    Chart.Lines chart = new Chart.Lines("t", "x", yLabel, List.of()).with("s", points);
    return parse(Report.builder("t").add(Section.charts("", chart)).build().html());
  }

  /** Ticks of the vertical axis are all texts that end at its left. */
  private static List<Element> verticalTicks(Document document) {
    return elements(document, "text").stream()
        .filter(e -> e.getAttribute("text-anchor").equals("end"))
        .filter(e -> !e.getAttribute("class").equals("tag"))
        .toList();
  }

  @Test
  void namesOfVerticalTicksAreNotCutOff() {
    for (double[] range :
        new double[][] {
          {0, 1}, {1e-6, 1e-6}, {0, 3e-8}, {-2.5e-6, 1e-6}, {0.500001, 0.500009}, {-3e9, -3e9 + 50}
        }) {
      Document document = lines("y", new double[] {0, 10}, range);
      List<Element> ticks = verticalTicks(document);
      assertThat(ticks).as("ticks of %s", Arrays.toString(range)).hasSizeGreaterThan(2);
      assertThat(ticks)
          .allSatisfy(tick -> assertThat(extent(tick)[0]).isGreaterThanOrEqualTo(0))
          .allSatisfy(
              tick ->
                  assertThat(axisStart(document))
                      .isGreaterThan(Double.parseDouble(tick.getAttribute("x"))));
    }
  }

  private static double axisStart(Document document) {
    return elements(document, "path").stream()
        .filter(e -> e.getAttribute("class").equals("axis"))
        .map(e -> e.getAttribute("d").substring(1).split(" ")[0])
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void barsStartRightOfTheNamesOfTicks() {
    Chart.Bars chart =
        new Chart.Bars("t", "y", List.of("g"), List.of())
            .with("a", List.of(Estimates.mean(new double[] {-2.5e-6, -2.4e-6, -2.3e-6})));
    Document document = parse(Report.builder("t").add(Section.charts("", chart)).build().html());
    assertThat(verticalTicks(document))
        .hasSizeGreaterThan(2)
        .allSatisfy(tick -> assertThat(extent(tick)[0]).isGreaterThanOrEqualTo(0));
    assertThat(elements(document, "rect"))
        .allSatisfy(
            rect ->
                assertThat(Double.parseDouble(rect.getAttribute("x")))
                    .isGreaterThan(axisStart(document)));
  }

  /** A chart of one metric says its name once. */
  @Test
  void nameOfTheVerticalAxisIsNotTheTitleAgain() {
    double[] both = {0, 1};
    assertThat(elements(lines("y", both, both), "text").stream().map(Element::getTextContent))
        .contains("y");
    for (String name : List.of("t", "T", " t ")) {
      assertThat(elements(lines(name, both, both), "text").stream().map(Element::getTextContent))
          .noneMatch(text -> text.strip().equalsIgnoreCase("t"))
          .contains("x");
    }
  }

  @Test
  void stepsHaveWholeTicks() {
    for (double[] steps : new double[][] {{1, 2}, {1, 2, 3}, {0, 1}, {0}, {1}, {5}, {0, 7, 120}}) {
      List<String> ticks = horizontalTicks(lines("y", steps, new double[steps.length]));
      assertThat(ticks).as("ticks of %s", Arrays.toString(steps)).hasSizeGreaterThan(1);
      assertThat(ticks).allSatisfy(tick -> assertThat(tick).matches("\\d+"));
    }
    assertThat(horizontalTicks(lines("y", new double[] {1, 2, 3}, new double[3])))
        .containsExactly("1", "2", "3");
    assertThat(horizontalTicks(lines("y", new double[] {0.5, 1}, new double[2]))).contains("0.6");
  }

  private static List<String> horizontalTicks(Document document) {
    return elements(document, "text").stream()
        .filter(e -> e.getAttribute("y").equals("283"))
        .map(Element::getTextContent)
        .toList();
  }

  /** Left and right end of a text in the larger digits that phones get, of a wide font. */
  private static double[] extent(Element text) {
    double x = Double.parseDouble(text.getAttribute("x"));
    String number = text.getTextContent();
    double width = 10.0 * number.length() + 4 * number.chars().filter(c -> c == '−').count();
    double left = text.getAttribute("text-anchor").equals("end") ? x - width : x - width / 2;
    return new double[] {left, left + width};
  }

  /** Readers who do not tell colours apart, and prints in grey. */
  @Test
  void pointsThatNoLineJoinsAreDrawn() {
    Chart.Point gap = Chart.Point.of(Double.NaN, Double.NaN);
    List<Chart.Point> scattered = new ArrayList<>();
    List<Chart.Point> joined = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      scattered.addAll(List.of(Chart.Point.of(i, i * i), gap));
      joined.add(Chart.Point.of(i, 100));
    }
    joined.addAll(List.of(gap, Chart.Point.of(50, 3), gap));
    String html =
        Report.builder("points")
            .add(
                Section.charts(
                    "",
                    new Chart.Lines("plane", "x", "y", List.of())
                        .with("scattered", scattered)
                        .with("joined", joined)))
            .build()
            .html();
    // Forty and the legend's; the square of the one between gaps.
    assertThat(html.split("<circle ", -1)).hasSize(1 + 40 + 1);
    assertThat(html.split("class=\"dot\"", -1)).hasSize(1 + 40 + 1 + 1);
  }

  @Test
  void linesDifferInDashesOrMarkers() {
    Chart.Lines chart = new Chart.Lines("t", "x", "y", List.of());
    for (int s = 0; s < 4; s++) {
      chart = chart.with("s" + s, List.of(Chart.Point.of(0, s), Chart.Point.of(1, s)));
    }
    Document document = parse(Report.builder("t").add(Section.charts("", chart)).build().html());
    List<String> dashes =
        elements(document, "path").stream()
            .filter(e -> e.getAttribute("class").equals("line"))
            .map(e -> e.getAttribute("stroke-dasharray"))
            .toList();
    assertThat(dashes).hasSize(8);
    assertThat(dashes.subList(0, 4)).doesNotHaveDuplicates().isEqualTo(dashes.subList(4, 8));
  }

  @Test
  void longNamesStayInsideTheChart() {
    String name = "a very long name of something that was measured ".repeat(6);
    Document document = parse(of(name).html());
    for (Element text : elements(document, "text")) {
      assertThat(text.getTextContent().length()).isLessThanOrEqualTo(64);
    }
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
    assertThat(
            elements(document, "svg").stream().filter(e -> e.getAttribute("class").equals("plot")))
        .hasSize(4);
    assertThat(elements(document, "circle")).hasSize(5);
    for (Element circle : elements(document, "circle")) {
      assertThat(Double.parseDouble(circle.getAttribute("cx"))).isBetween(52.0, 496.0);
      assertThat(Double.parseDouble(circle.getAttribute("cy"))).isBetween(36.0, 262.0);
    }
    assertThat(elements(document, "rect")).hasSize(9);
    for (Element rect : elements(document, "rect")) {
      double bottom =
          Double.parseDouble(rect.getAttribute("y"))
              + Double.parseDouble(rect.getAttribute("height"));
      assertThat(bottom).isBetween(261.8, 262.2);
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

  @Test
  void lineFeedsAtTheBeginningOfAReplyAreKept() {
    for (String reply : List.of("\n  indented", "\n\ntwo", "\r\nwindows", "none", "")) {
      String html =
          Report.builder("r")
              .add(
                  Section.samples(
                      "s",
                      List.of(
                          new Section.Sample(
                              "", "p", List.of(new Section.Reply("m", reply, Optional.empty()))))))
              .build()
              .html();
      String written = html.split("<pre dir=\"auto\">", 2)[1].split("</pre>", 2)[0];
      // The HTML standard: of a line feed right after the tag <pre> nothing is left.
      String shown = written.startsWith("\n") ? written.substring(1) : written;
      assertThat(shown).isEqualTo(reply.replace("\r\n", "\n"));
    }
  }
}
