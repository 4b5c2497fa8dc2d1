package org.alignment4j.oversight.human;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class MarginProperties {

  @Property
  void everyLineStandsBehindTheMarginAndFits(
      @ForAll @StringLength(max = 400) String text, @ForAll boolean labelled) {
    String label = labelled ? "A." : "";
    String[] lines = Margin.behind(label, text).split("\n", -1);
    assertThat(lines[0]).startsWith(label + " | ");
    String margin = " ".repeat(label.length()) + " | ";
    for (int i = 0; i < lines.length; i++) {
      assertThat(i == 0 ? lines[i].replace(label, " ".repeat(label.length())) : lines[i])
          .startsWith(margin);
      assertThat(lines[i].codePointCount(0, lines[i].length()))
          .isLessThanOrEqualTo(margin.length() + Margin.WIDTH);
      assertThat(lines[i].chars()).noneMatch(Character::isISOControl);
    }
  }

  /** Breaking lines moves blanks and loses nothing else. */
  @Property
  void nothingOfTheTextIsLost(@ForAll @StringLength(max = 300) String drawn) {
    String text = drawn.replaceAll("[^a-z \n]", "a");
    String shown =
        Arrays.stream(Margin.behind("", text).split("\n", -1))
            .map(line -> line.substring(3))
            .collect(Collectors.joining());
    assertThat(shown.replace(" ", "")).isEqualTo(text.replaceAll("[ \n]", ""));
  }

  @Example
  void longLinesAreBrokenBetweenWords() {
    assertThat(Margin.behind("B.", "word ".repeat(20).strip()).split("\n", -1))
        .containsExactly("B. | " + "word ".repeat(14).strip(), "   | " + "word ".repeat(6).strip());
    assertThat(Margin.behind("", "\u754c".repeat(40)).split("\n", -1))
        .containsExactly(" | " + "\u754c".repeat(36), " | " + "\u754c".repeat(4));
  }
}
