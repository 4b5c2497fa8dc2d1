package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBatchTest {

  /** 65536² is 0 in 32 bits: no array is needed to be wrong. */
  @Test
  void aMaskBeyondAnArrayIsRefusedByName() {
    assertThatThrownBy(
            () -> new TokenBatch(1, 65_536, new long[65_536], new long[65_536], new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch · seq²")
        .hasMessageContaining("batch was 1 and seq 65536");
    assertThatThrownBy(() -> TokenBatch.of(List.of(new Segments().add(new int[] {1})), 65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use fewer or shorter rows");
    assertThatThrownBy(() -> new TokenBatch(-1, -1, new long[1], new long[1], new float[0]))
        .hasMessageContaining("must not be negative but were -1 and -1");
  }

  @Test
  void arraysMustFit() {
    assertThatThrownBy(() -> new TokenBatch(1, 2, new long[2], new long[2], new float[3]))
        .hasMessageContaining("must fit 1 rows of 2 columns");
  }
}
