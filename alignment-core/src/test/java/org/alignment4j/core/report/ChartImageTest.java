package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charts as files of their own. */
final class ChartImageTest {

  private static final int WHITE = 0xffffff;

  private static Chart.HeatMap map() {
    return new Chart.HeatMap(
        "Patched <heads>",
        "position",
        "layer",
        List.of("a", "b"),
        List.of("1", "0"),
        List.of(List.of(1.0, -1.0), List.of(Double.NaN, 0.0)));
  }

  private static Chart lines() {
    return new Chart.Lines("Loss", "step", "nats", List.of())
        .with("train", List.of(Chart.Point.of(0, 3), Chart.Point.of(1, 1)))
        .with("held out", List.of(Chart.Point.of(0, 3), Chart.Point.of(1, 2)));
  }

  private static Chart bars() {
    return new Chart.Bars("Rates", "share", List.of("x", "y"), List.of())
        .with("a", List.of(Estimates.proportion(1, 4), Estimates.proportion(3, 4)));
  }

  private static Chart graph() {
    return new Chart.Graph(
        "Circuit",
        List.of(new Chart.Node("input", 0), new Chart.Node("logits", 1)),
        List.of(new Chart.Edge("input", "logits", -2, "")));
  }

  private static BufferedImage image(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static Set<Integer> colours(BufferedImage image) {
    Set<Integer> colours = new TreeSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y) & WHITE);
      }
    }
    return colours;
  }

  @Test
  void svgNeedsNoStyleSheet() {
    for (Chart chart : List.of(map(), lines(), bars(), graph())) {
      assertThat(ChartImage.svg(chart))
          .startsWith("<svg")
          .contains("http://www.w3.org/2000/svg")
          .doesNotContain("class=")
          .doesNotContain("var(")
          .doesNotContain("own");
    }
  }

  @Test
  void svgNamesTitleAndSeries() {
    assertThat(ChartImage.svg(map())).contains("Patched &lt;heads&gt;</text>");
    assertThat(ChartImage.svg(lines())).contains(">train</text>").contains(">held out</text>");
  }

  @Test
  void everyKindOfChartShowsItsColours() throws IOException {
    assertThat(colours(image(ChartImage.png(map(), 1040)))).contains(0x1761b8, 0xc2540a, WHITE);
    assertThat(colours(image(ChartImage.png(lines(), 1040)))).contains(0x1761b8, 0xc2540a, WHITE);
    // A bar is drawn through at 0.85.
    assertThat(colours(image(ChartImage.png(bars(), 1040)))).contains(0x3a79c3, WHITE);
    assertThat(colours(image(ChartImage.png(graph(), 1040)))).contains(0x535d6c, WHITE);
  }

  /** Tokens of byte-level vocabularies are any characters at all. */
  @Test
  void namesMayBeAnyCharacters() throws IOException {
    String name = "\u0000\u001b\ud800\uffff\u202e<&]]>\ud83d\ude00\n";
    Chart.HeatMap map =
        new Chart.HeatMap(
            name, name, name, List.of(name), List.of(name), List.of(List.of(Double.NaN)));
    Chart.Lines lines =
        new Chart.Lines(name, name, name, List.of())
            .with(name, List.of(new Chart.Point(0, 1, 0, 0, 0, 2, name)))
            .with(name, List.of());
    Chart.Graph graph =
        new Chart.Graph(
            name, List.of(new Chart.Node(name, 0)), List.of(new Chart.Edge(name, name, 1, name)));
    Chart.Bars bars =
        new Chart.Bars(name, name, List.of(name.repeat(9)), List.of())
            .with(name, List.of(Estimates.proportion(1, 4)));
    for (Chart chart : List.of(map, lines, graph, bars)) {
      assertThat(image(ChartImage.png(chart, 300)).getWidth()).isEqualTo(300);
    }
    assertThat(ChartImage.svg(map)).contains("[U+0000][U+001B][U+D800]");
  }

  @Test
  void pngIsAsWideAsAskedAndKeepsItsShape() throws IOException {
    BufferedImage small = image(ChartImage.png(lines(), 520));
    BufferedImage large = image(ChartImage.png(lines(), 1560));
    assertThat(small.getWidth()).isEqualTo(520);
    assertThat(large.getWidth()).isEqualTo(1560);
    assertThat((double) large.getHeight() / small.getHeight()).isBetween(2.99, 3.01);
  }

  @Test
  void writesTheKindThatTheNameTells(@TempDir Path folder) throws IOException {
    ChartImage.write(map(), folder.resolve("map.PNG"));
    ChartImage.write(map(), folder.resolve("map.svg"));
    assertThat(image(Files.readAllBytes(folder.resolve("map.PNG"))).getWidth())
        .isEqualTo(ChartImage.DEFAULT_WIDTH);
    assertThat(Files.readString(folder.resolve("map.svg"))).isEqualTo(ChartImage.svg(map()));
  }

  @Test
  void refusesOtherNamesAndWidths(@TempDir Path folder) {
    assertThatThrownBy(() -> ChartImage.write(map(), folder.resolve("map.gif")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must end with .png or .svg")
        .hasMessageContaining("map.gif");
    assertThatThrownBy(() -> ChartImage.png(map(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width must be from 1 to 16384 pixels but was 0");
  }
}
