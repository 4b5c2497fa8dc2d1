package org.alignment4j.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A streamed decoding is the decoding of the whole, for both kinds of byte handling. */
class IncrementalDecoderTest {

  private static final int[] RANGES = {0x20, 0x7f, 0xa0, 0x17f, 0x4e00, 0x4fff, 0x1f600, 0x1f64f};

  @ParameterizedTest
  @ValueSource(strings = {"tokenizers/gpt2", "models/stories260K"})
  void theStreamIsTheWhole(String folder) {
    Random random = new Random(7);
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require(folder))) {
      for (int round = 0; round < 300; round++) {
        TokenIds ids = tokenizer.encode(text(random));
        IncrementalDecoder decoder = tokenizer.incrementalDecoder();
        StringBuilder streamed = new StringBuilder();
        ids.stream().forEach(id -> streamed.append(decoder.add(id)));
        streamed.append(decoder.finish());
        assertThat(streamed.toString()).isEqualTo(tokenizer.decode(ids));
      }
    }
  }

  /** Letters, accents, ideographs and emoji, with line breaks and blanks. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(30); length > 0; length--) {
      int range = 2 * random.nextInt(RANGES.length / 2 + 1);
      if (range == RANGES.length) {
        text.append(random.nextBoolean() ? "\n" : "  ");
      } else {
        text.appendCodePoint(RANGES[range] + random.nextInt(RANGES[range + 1] - RANGES[range] + 1));
      }
    }
    return text.toString();
  }
}
