package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.junit.jupiter.api.Test;

class BlockQuantiserTest {

  private static final BlockFormat FOUR = new BlockFormat(4, 32, Activations.FLOAT32);
  private static final BlockFormat EIGHT = new BlockFormat(8, 32, Activations.FLOAT32);

  private static QuantisedTensor row(BlockFormat format, float... w) {
    return BlockQuantiser.quantise(
        WeightTensor.of("w", new long[] {1, w.length}, w), false, format);
  }

  private static int[] bytes(QuantisedTensor tensor, int count) {
    int[] found = new int[count];
    for (int i = 0; i < count; i++) {
      found[i] = tensor.levels().get(i) & 0xff;
    }
    return found;
  }

  @Test
  void theGreatestTakesTheLowestLevel() {
    QuantisedTensor q = row(FOUR, 4, -1, 0.3f, -3.5f);
    assertThat(q.scales().get(0)).isEqualTo(-0.5f);
    // 4 → 0, −1 → 8 + 2, 0.3 → 8 − 1 (−0.6), −3.5 → 8 + 7; then zeros.
    assertThat(bytes(q, 3)).containsExactly(0xa0, 0xf7, 0x88);
  }

  @Test
  void aValueOfTheOtherSignWithoutALevelWidensTheScale() {
    QuantisedTensor q = row(FOUR, 7, -7, 1);
    assertThat(q.scales().get(0)).isEqualTo(1);
    assertThat(bytes(q, 2)).containsExactly(0x1f, 0x89);
  }

  @Test
  void eightBits() {
    QuantisedTensor q = row(EIGHT, -128, 127, 2.5f, 3.5f);
    assertThat(q.scales().get(0)).isEqualTo(1);
    assertThat(bytes(q, 5)).containsExactly(0, 255, 130, 132, 128);
  }

  @Test
  void blocksWithoutANormalScaleAreZero() {
    assertThat(row(FOUR, 0, -0f, 0).scales().get(0)).isZero();
    QuantisedTensor tiny = row(EIGHT, Float.MIN_VALUE, -Float.MIN_NORMAL);
    assertThat(tiny.scales().get(0)).isZero();
    assertThat(bytes(tiny, 2)).containsExactly(128, 128);
    assertThat(tiny.dequantised().data().get(1)).isZero();
  }

  @Test
  void theLargestFloatsAreKept() {
    QuantisedTensor q = row(FOUR, Float.MAX_VALUE, -Float.MAX_VALUE);
    assertThat(q.dequantised().data().get(0)).isFinite().isGreaterThan(3e38f);
  }

  @Test
  void refusesWhatIsNotFinite() {
    float[] w = new float[80];
    w[43] = Float.NaN;
    assertThatThrownBy(
            () ->
                BlockQuantiser.quantise(
                    WeightTensor.of("h.0.w", new long[] {2, 40}, w), false, FOUR))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'h.0.w' has NaN at [1, 3]");
    assertThatThrownBy(
            () ->
                BlockQuantiser.quantise(
                    WeightTensor.of("h.0.w", new long[] {40, 2}, w), true, FOUR))
        .hasMessageContaining("'h.0.w' has NaN at [21, 1]");
  }

  @Test
  void refusesOtherFormats() {
    assertThatThrownBy(() -> new BlockFormat(5, 32, Activations.FLOAT32))
        .hasMessage("bits must be 4 or 8 but was 5");
    assertThatThrownBy(() -> new BlockFormat(4, 48, Activations.FLOAT32))
        .hasMessage("block size must be 32, 64 or 128 but was 48");
  }

  @Test
  void weightsKeepBothForms() {
    WeightTensor norm = WeightTensor.of("norm", new long[] {2}, new float[] {1, 2});
    QuantisedTensor q = row(FOUR, 4, -1, 0.3f, -3.5f);
    Weights weights = Weights.of(List.of(norm, q));
    assertThat(weights.quantised()).containsExactly(java.util.Map.entry("w", FOUR));
    assertThat(weights.stored("w")).isSameAs(q);
    assertThat(weights.parameterCount()).isEqualTo(6);
    float[] w = new float[4];
    weights.get("w").data().get(w);
    assertThat(w).containsExactly(4, -1, 0.5f, -3.5f);
    Weights floats = weights.dequantised();
    assertThat(floats.quantised()).isEmpty();
    assertThat(floats.get("norm")).isSameAs(norm);
    assertThat(floats.contentHash()).isNotEqualTo(weights.contentHash());
    float[] other = {4, -1, 0.3f, -3.0f};
    assertThat(Weights.of(List.of(norm, row(FOUR, other))).contentHash())
        .isNotEqualTo(weights.contentHash());
    assertThat(Weights.of(Arrays.asList(row(FOUR, 4, -1, 0.3f, -3.5f), norm)).contentHash())
        .isEqualTo(weights.contentHash());
  }
}
