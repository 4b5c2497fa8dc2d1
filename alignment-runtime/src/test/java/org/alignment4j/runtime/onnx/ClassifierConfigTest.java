package org.alignment4j.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;

class ClassifierConfigTest {

  private static ClassifierConfig read(String text, long width) {
    return ClassifierConfig.read(ConfigJson.parse("config.json", text), width);
  }

  @Test
  void namesAreThoseOfTheLibraryWhereNoneAreGiven() {
    assertThat(read("{\"num_labels\": 3}", -1).labels())
        .containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(read("{}", 2).labels()).containsExactly("LABEL_0", "LABEL_1");
  }

  /** A few digits must not ask for gigabytes of names. */
  @Test
  void labelsBeyondNumberAreRefused() {
    assertThatThrownBy(() -> read("{\"num_labels\": 2147483647}", -1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("config.json", "at most 100000 labels");
    assertThatThrownBy(() -> read("{}", Integer.MAX_VALUE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("at most 100000 labels");
  }

  @Test
  void positionsBeginAfterThePaddingOfSomeFamilies() {
    String roberta =
        "{\"model_type\": \"roberta\", \"max_position_embeddings\": 32, \"pad_token_id\": ";
    assertThat(read(roberta + "1}", 2).maxTokens()).isEqualTo(30);
    for (String pad : new String[] {"31", "16777216", "2147483647"}) {
      assertThatThrownBy(() -> read(roberta + pad + "}", 2))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("max_position_embeddings", "must exceed pad_token_id", pad);
    }
  }
}
