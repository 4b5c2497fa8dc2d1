package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.junit.jupiter.api.Test;

class MixingBufferTest {
  private static final CancellationToken NONE = CancellationToken.none();

  /** Row {@code i} of all rows is {@code [i, -i]}; each chunk is new. */
  private record Counting(int chunkRows) implements ActivationSource {
    @Override
    public int inputSize() {
      return 2;
    }

    @Override
    public int targetSize() {
      return 0;
    }

    @Override
    public int maxRows() {
      return chunkRows;
    }

    @Override
    public float[] chunk(long number, CancellationToken cancellation) {
      cancellation.throwIfCancelled("counting");
      float[] rows = new float[2 * chunkRows];
      for (int i = 0; i < chunkRows; i++) {
        rows[2 * i] = number * chunkRows + i;
        rows[2 * i + 1] = -rows[2 * i];
      }
      return rows;
    }

    @Override
    public Map<String, String> description() {
      return Map.of();
    }
  }

  private static List<Float> serve(MixingBuffer buffer, int batches) {
    List<Float> served = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      buffer.prepare(NONE);
      float[] rows = buffer.take();
      for (int i = 0; i < rows.length; i += 2) {
        assertThat(rows[i + 1]).isEqualTo(-rows[i]);
        served.add(rows[i]);
      }
    }
    return served;
  }

  @Test
  void noRowIsServedTwiceAndHalfWaits() {
    MixingBuffer buffer = new MixingBuffer(new Counting(7), 40, 5, 1);
    List<Float> served = serve(buffer, 40);
    assertThat(served).doesNotHaveDuplicates().hasSize(200);
    // 40 rows fill the buffer, half of them are served, and rows of the first fill come later
    // still.
    assertThat(served.subList(0, 20))
        .isNotEqualTo(served.subList(0, 20).stream().sorted().toList());
    assertThat(served.subList(20, 60)).anyMatch(value -> value < 42);
    assertThat(served.subList(0, 20)).allMatch(value -> value < 42);
  }

  @Test
  void seedDecides() {
    assertThat(serve(new MixingBuffer(new Counting(7), 40, 5, 1), 20))
        .isEqualTo(serve(new MixingBuffer(new Counting(7), 40, 5, 1), 20))
        .isNotEqualTo(serve(new MixingBuffer(new Counting(7), 40, 5, 2), 20));
  }

  @Test
  void goesOnWhereItWas() {
    for (int before = 0; before < 12; before++) {
      MixingBuffer one = new MixingBuffer(new Counting(7), 40, 5, 1);
      serve(one, before);
      MixingBuffer other = new MixingBuffer(new Counting(7), 40, 5, 1);
      FloatBuffer target = (FloatBuffer) other.tensors().get(0).parts().get(0);
      target.duplicate().put(((FloatBuffer) one.tensors().get(0).parts().get(0)).duplicate());
      other.resume(one.values());
      assertThat(serve(other, 15)).isEqualTo(serve(one, 15));
    }
  }

  @Test
  void cancelledFillGoesOn() {
    MixingBuffer buffer = new MixingBuffer(new Counting(7), 40, 5, 1);
    int[] asked = {0};
    assertThatThrownBy(() -> buffer.prepare(() -> asked[0]++ == 3))
        .hasMessageContaining("cancelled");
    assertThat(serve(buffer, 20)).isEqualTo(serve(new MixingBuffer(new Counting(7), 40, 5, 1), 20));
  }

  @Test
  void tooSmall() {
    assertThatThrownBy(() -> new MixingBuffer(new Counting(7), 4, 5, 1))
        .hasMessageContaining("bufferRows must be at least batchRows 5 but was 4");
  }

  @Test
  void sourceWithoutRows() {
    assertThatThrownBy(() -> new MixingBuffer(new Counting(0), 4, 2, 1).prepare(NONE))
        .hasMessageContaining("must give rows but gave none in 1001 chunks");
  }
}
