package org.alignment4j.pocket.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteAlphabetTest {

  @Test
  void isOneToOne() {
    assertThat(IntStream.range(0, 256).mapToObj(ByteAlphabet::character)).doesNotHaveDuplicates();
  }

  @Test
  void agreesWithPublishedVocabularies() {
    assertThat(ByteAlphabet.encode(" a\n\té!")).isEqualTo("ĠaĊĉÃ©!");
    assertThat(ByteAlphabet.character(0xAD)).isEqualTo('Ń');
    assertThat(ByteAlphabet.character(0)).isEqualTo('Ā');
  }
}
