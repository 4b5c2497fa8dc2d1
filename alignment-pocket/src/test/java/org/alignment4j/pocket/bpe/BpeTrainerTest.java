package org.alignment4j.pocket.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.pocket.bpe.BpeVocabulary.Merge;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {

  @Test
  void theMostFrequentPairIsJoinedFirst() {
    // Words: low x5, lower x2, newest x6, widest x3 (the example of Sennrich et al.), where "es"
    // and
    // "st" both occur nine times and the lower id of "e" decides.
    String text =
        "low\n".repeat(5) + "lower\n".repeat(2) + "newest\n".repeat(6) + "widest\n".repeat(3);
    BpeVocabulary learned = new BpeTrainer(260, List.of(), 1).train(Stream.of(text));
    assertThat(learned.merges())
        .containsExactly(
            new Merge("e", "s"), new Merge("es", "t"), new Merge("l", "o"), new Merge("lo", "w"));
  }

  @Test
  void ordinaryTokensFollowSpecialTokensAndBytes() {
    BpeVocabulary learned =
        new BpeTrainer(300, List.of("<a>", "<b>"), 1).train(Stream.of("aaa aaa aaa"));
    assertThat(learned.tokens().subList(0, 2)).containsExactly("<a>", "<b>");
    assertThat(learned.tokens().get(2 + 'a')).isEqualTo("a");
    assertThat(learned.tokens().get(2 + ' ')).isEqualTo("Ġ");
    assertThat(learned.tokens()).doesNotHaveDuplicates();
    assertThat(learned.merges()).first().isEqualTo(new Merge("a", "a"));
  }

  @Test
  void rarePairsAreNotJoined() {
    assertThat(new BpeTrainer(400, List.of(), 2).train(Stream.of("abc")).merges()).isEmpty();
  }

  @Test
  void theOrderOfTextsDoesNotMatter() {
    BpeTrainer trainer = new BpeTrainer(280, List.of(), 1);
    assertThat(trainer.train(Stream.of("one two", "three four")))
        .isEqualTo(trainer.train(Stream.of("three four", "one two")));
  }

  @Test
  void sizesAreChecked() {
    assertThatThrownBy(() -> new BpeTrainer(256, List.of("<a>"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vocabularySize")
        .hasMessageContaining("256");
    assertThatThrownBy(() -> new BpeTrainer(300, List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("minFrequency");
  }
}
