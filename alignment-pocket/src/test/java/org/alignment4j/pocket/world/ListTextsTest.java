package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes second in a list text is told by what came first. */
class ListTextsTest {

  @Test
  void aPieceIsAPartOfTheListAndPiecesBeginAnywhere() {
    Set<Integer> beginnings = new HashSet<>();
    int whole = 0;
    for (int i = 0; i < 400; i++) {
      List<String> lines = ListTexts.pieces(new RandomStream(i, "test")).lines().toList();
      assertThat(lines.get(0)).startsWith("Words: ");
      String list = lines.get(0).substring("Words:".length()) + " ";
      boolean repeated = list.equals(lines.get(1) + " ");
      whole += repeated ? 1 : 0;
      assertThat(lines).hasSize(repeated ? 5 : 6);
      for (String piece : lines.subList(repeated ? 2 : 1, lines.size())) {
        assertThat(list).contains(piece + " ");
        beginnings.add(list.indexOf(piece + " "));
      }
    }
    assertThat(beginnings).hasSizeGreaterThan(30);
    assertThat(whole).isBetween(150, 250);
  }

  @Test
  void everyAnswerIsAnOptionWithItsLetter() {
    int[] asked = new int[4];
    for (int i = 0; i < 200; i++) {
      List<String> lines = ListTexts.letters(new RandomStream(i, "test")).lines().toList();
      List<String> options =
          new ArrayList<>(List.of(lines.get(0).substring("Options: ".length()).split(", ")));
      assertThat(options).hasSize(4).doesNotHaveDuplicates();
      assertThat(options)
          .extracting(o -> o.charAt(o.length() - 1))
          .containsExactly('A', 'B', 'C', 'D');
      assertThat(lines).hasSize(11);
      for (String answer : lines.subList(1, 11)) {
        int place = options.indexOf(answer.substring("Answer: ".length()));
        assertThat(place).as(answer).isNotNegative();
        asked[place]++;
      }
    }
    assertThat(Arrays.stream(asked)).allMatch(count -> count > 400 && count < 600);
  }
}
