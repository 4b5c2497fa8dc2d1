package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Parts of a report of which one is shown. */
final class TabsTest {

  private static Section.Tab tab(String label) {
    return new Section.Tab(
        label, Optional.empty(), List.of(Section.text("Of " + label, "text of " + label)));
  }

  private static String html(Section... sections) {
    Report.Builder report = Report.builder("r");
    for (Section section : sections) {
      report.add(section);
    }
    return report.build().html();
  }

  @Test
  void oneOfEachGroupIsShownFromTheStart() {
    Section.Tabs first = new Section.Tabs("A", 0, List.of(tab("<one>"), tab("two")), "pick one");
    Section.Tabs second = new Section.Tabs("B", 2, List.of(tab("three"), tab("four")), "");

    String html = html(first, second);

    assertThat(html).containsPattern("name=\"t0\" id=\"t0-0\" checked");
    assertThat(html).containsPattern("name=\"t1\" id=\"t1-0\" checked");
    assertThat(Pattern.compile(" checked=").matcher(html).results().count()).isEqualTo(2);
    assertThat(html).contains("<label for=\"t0-1\"").contains("&lt;one&gt;").contains("pick one");
    assertThat(html).contains("--columns: 2").contains("text of four").contains("Of four</h3>");
    assertThat(html).doesNotContain("<script");
  }

  @Test
  void aPictureHasAPixelForEachCell() throws IOException {
    Thumbnail picture =
        new Thumbnail(List.of(List.of(2.0, -1.0, 0.0), List.of(Double.NaN, 1.0, 0.5)));
    String html =
        html(
            new Section.Tabs(
                "A", 1, List.of(new Section.Tab("x", Optional.of(picture), List.of())), ""));
    Matcher found = Pattern.compile("base64,([A-Za-z0-9+/=]+)").matcher(html);
    assertThat(found.find()).isTrue();

    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(found.group(1))));

    assertThat(image.getWidth()).isEqualTo(3);
    assertThat(image.getHeight()).isEqualTo(2);
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff2f7fd6);
    assertThat(image.getRGB(1, 0)).isEqualTo(0x80d8691a);
    assertThat(image.getRGB(2, 0) >>> 24).isZero();
    assertThat(image.getRGB(0, 1) >>> 24).isZero();
    assertThat(image.getRGB(2, 1) >>> 24).isEqualTo(64);
  }

  @Test
  void refusesWhatCannotBeShown() {
    assertThatThrownBy(() -> new Section.Tabs("A", 0, List.of(), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have a part");
    assertThatThrownBy(() -> new Section.Tabs("A", -1, List.of(tab("x")), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("columns must not be negative but was -1");
    assertThatThrownBy(() -> new Thumbnail(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have a cell");
    assertThatThrownBy(() -> new Thumbnail(List.of(List.of(1.0), List.of(1.0, 2.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 1 has 2 values and the first 1");
  }
}
