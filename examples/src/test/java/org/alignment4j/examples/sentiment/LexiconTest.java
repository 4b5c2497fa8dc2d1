package org.alignment4j.examples.sentiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** The bundled words, and what is refused. */
class LexiconTest {

  private static final String HEADER = "# format=alignment4j-sentiment-lexicon version=1\n";

  @Test
  void theBundledLexiconHasAtLeastAHundredWordsOfEachSign() {
    Lexicon lexicon = Lexicon.bundled();
    assertThat(lexicon.count(1)).isGreaterThanOrEqualTo(100);
    assertThat(lexicon.count(-1)).isGreaterThanOrEqualTo(100);
    assertThat(lexicon.weight("happy")).isEqualTo(1);
    assertThat(lexicon.weight("sad")).isEqualTo(-1);
    assertThat(lexicon.weight("table")).isZero();
  }

  @Test
  void readsEntriesAndSkipsRemarks() throws IOException {
    Lexicon lexicon = read(HEADER + "# a remark\nsunny\t1\nrainy\t-1\n");
    assertThat(lexicon.weight("sunny")).isEqualTo(1);
    assertThat(lexicon.weight("rainy")).isEqualTo(-1);
    assertThat(lexicon.count(1) + lexicon.count(-1)).isEqualTo(2);
  }

  @Test
  void aBrokenLexiconNamesTheLine() {
    assertThatThrownBy(() -> read("sunny\t1\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("words.tsv, line 1")
        .hasMessageContaining("sunny");
    assertThatThrownBy(() -> read(HEADER + "sunny\t1\nRainy\t-1\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("words.tsv, line 3")
        .hasMessageContaining("Rainy");
    assertThatThrownBy(() -> read(HEADER + "sunny\t2\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2");
    assertThatThrownBy(() -> read(HEADER + "sunny\t1\nsunny\t-1\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("'sunny' has two");
  }

  private static Lexicon read(String text) throws IOException {
    return Lexicon.read(new StringReader(text), "words.tsv");
  }
}
