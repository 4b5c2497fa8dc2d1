package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTest {
  private static final Chart.Mark NONE = new Chart.Mark(Double.NaN, Double.NaN, Double.NaN, "none");

  private static Chart.Profile chart() {
    Chart.Mark mark = new Chart.Mark(0.5, 0.25, 0.75, "0.50 <b>");
    return new Chart.Profile(
        "profile",
        List.of("one", "two"),
        List.of(
            new Chart.ProfileRow("bias", "first", 0.25, List.of(mark, NONE)),
            new Chart.ProfileRow("bias", "second", Double.NaN, List.of(NONE, mark))));
  }

  private static String html() {
    return Report.builder("r").add(Section.charts("c", chart())).build().html();
  }

  @Test
  void marksStandBetweenWorstAndBestWithIntervalAndChance() {
    // From 10 to 510: a half is 260, a quarter 135, three quarters 385.
    assertThat(html())
        .contains("class=\"dot\" cx=\"260\"")
        .contains("M135 74.5L385 74.5")
        .contains("class=\"chance\" d=\"M135 ")
        .contains("one: 0.50 &lt;b&gt;");
    assertThat(html().split("class=\"chance\"", -1)).hasSize(2);
    assertThat(html().split("class=\"group\"", -1)).hasSize(2);
  }

  @Test
  void numbersAreThereAsATableAndAsAPicture() {
    assertThat(html()).contains("<bdi>0.50 &lt;b&gt;</bdi>").contains("<bdi>none</bdi>");
    assertThat(ChartImage.svg(chart())).contains("worst").contains("ideal").contains("one");
  }

  @Test
  void rowNeedsAMarkForEachName() {
    assertThatThrownBy(
            () ->
                new Chart.Profile(
                    "p",
                    List.of("one", "two"),
                    List.of(new Chart.ProfileRow("", "row", 0, List.of(NONE)))))
        .hasMessageContaining("row 'row' must have 2 marks")
        .hasMessageContaining("has 1");
  }

  @Test
  void samplesOfABrowserAreHiddenByKind() {
    Section.Sample sample = Section.Sample.of("question <i>").reply("m", "reply");
    Section.Browser browser =
        new Section.Browser(
            "Samples",
            List.of(
                new Section.Sorted(sample, List.of("right")),
                new Section.Sorted(sample, List.of("wrong", "models <differ>"))),
            "the first two");
    assertThat(browser.kinds()).containsEntry("wrong", 1).containsKey("models <differ>");
    String html = Report.builder("r").add(browser).build().html();
    assertThat(html)
        .contains("all (2)")
        .contains("#f0-2:checked ~ .sample:not(.f0-2) { display: none; }")
        .contains("class=\"sample f0-1 f0-2\"")
        .contains("<bdi>models &lt;differ&gt;</bdi> (1)")
        .doesNotContain("<i>");
  }
}
