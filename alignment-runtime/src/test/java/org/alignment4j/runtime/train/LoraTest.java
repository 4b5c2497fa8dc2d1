package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;

class LoraTest {

  private static Map<String, LinearShape> linears() {
    Map<String, LinearShape> linears = new LinkedHashMap<>();
    linears.put("q", new LinearShape(5, 7));
    linears.put("up", new LinearShape(400, 3));
    return linears;
  }

  private static WeightTensor random(String name, long seed, int rows, int columns) {
    Random random = new Random(seed);
    FloatBuffer data =
        ByteBuffer.allocateDirect(rows * columns * 4)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < rows * columns; i++) {
      data.put(i, (float) random.nextGaussian());
    }
    return new WeightTensor(name, new long[] {rows, columns}, data);
  }

  @Test
  void aRankThatMakesTooLargeAMatrixIsRefused() {
    assertThatThrownBy(
            () -> LoraAdapter.initial(Lora.rank(1 << 24), Map.of("up", new LinearShape(400, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a matrix of an adapter must have at most 536870880 elements but rank 16777216 makes"
                + " 6710886400 of up; lower the rank");
  }

  @Test
  void scaleFollowsTheTwoPapers() {
    assertThat(Lora.rank(16).scale()).isEqualTo(2);
    assertThat(Lora.rank(16).alpha(8).scale()).isEqualTo(0.5);
    assertThat(Lora.rank(16).alpha(8).rankStabilised().scale()).isEqualTo(2);
  }

  @Test
  void beginsUniformAndWithoutEffect() {
    LoraAdapter adapter = LoraAdapter.initial(Lora.rank(8).seed(3), linears());
    LoraMatrices up = adapter.matrices().get("up");
    assertThat(up.a().shape()).containsExactly(8, 400);
    assertThat(up.b().shape()).containsExactly(3, 8);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 3200; i++) {
      float value = up.a().data().get(i);
      assertThat(Math.abs(value)).isLessThanOrEqualTo(1f / 20);
      sum += value;
      squares += value * value;
    }
    assertThat(sum / 3200).isCloseTo(0, within(0.002));
    assertThat(Math.sqrt(squares / 3200)).isCloseTo(0.05 / Math.sqrt(3), within(0.001));
    WeightTensor weight = random("up", 1, 3, 400);
    Weights base = Weights.of(List.of(weight, random("q", 2, 7, 5)));
    Weights merged = adapter.mergedInto(base, LinearLayout.OUT_IN);
    assertThat(merged.get("up").data()).isEqualTo(weight.data());
  }

  @Test
  void randomNumbersDependOnSeedAndNameOnly() {
    LoraConfig config = Lora.rank(4).seed(9);
    FloatBuffer together = LoraAdapter.initial(config, linears()).matrices().get("up").a().data();
    Map<String, LinearShape> alone = Map.of("up", new LinearShape(400, 3));
    assertThat(LoraAdapter.initial(config, alone).matrices().get("up").a().data())
        .isEqualTo(together);
    assertThat(LoraAdapter.initial(config.seed(10), alone).matrices().get("up").a().data())
        .isNotEqualTo(together);
  }

  @Test
  void mergesInBothLayouts() {
    LoraMatrices pair = new LoraMatrices(random("a", 1, 3, 5), random("b", 2, 7, 3));
    LoraAdapter adapter = new LoraAdapter(Lora.rank(3).alpha(6), Map.of("w", pair));
    for (LinearLayout layout : LinearLayout.values()) {
      boolean outIn = layout == LinearLayout.OUT_IN;
      WeightTensor weight = random("w", 3, outIn ? 7 : 5, outIn ? 5 : 7);
      WeightTensor other = random("other", 4, 1, 1);
      Weights base = Weights.of(List.of(weight, other));
      Weights merged = adapter.mergedInto(base, layout);
      assertThat(merged.get("other")).isSameAs(other);
      assertThat(merged.get("w").shape()).isEqualTo(weight.shape());
      for (int o = 0; o < 7; o++) {
        for (int i = 0; i < 5; i++) {
          double update = 0;
          for (int k = 0; k < 3; k++) {
            update += (double) pair.b().data().get(o * 3 + k) * pair.a().data().get(k * 5 + i);
          }
          int at = outIn ? o * 5 + i : i * 7 + o;
          assertThat((double) merged.get("w").data().get(at))
              .isCloseTo(weight.data().get(at) + 2 * update, within(1e-6));
        }
      }
    }
  }

  @Test
  void trainedValuesComeBack() {
    LoraAdapter adapter = LoraAdapter.initial(Lora.rank(2), linears());
    FlatParameters parameters = adapter.toParameters();
    parameters.slice(LoraAdapter.bName("q")).put(13, 4);
    LoraAdapter trained = adapter.withParameters(parameters);
    assertThat(trained.matrices().get("q").b().data().get(13)).isEqualTo(4);
    assertThat(trained.matrices().get("q").b().shape()).containsExactly(7, 2);
    assertThat(trained.matrices().get("up").a().data())
        .isEqualTo(adapter.matrices().get("up").a().data());
    assertThat(adapter.matrices().get("q").b().data().get(13)).isZero();
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> Lora.rank(0)).hasMessage("rank must be at least 1 but was 0");
    assertThatThrownBy(() -> Lora.rank(1).alpha(0)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> Lora.rank(1).targets(Part.MLP_NORM))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MLP_NORM");
    assertThatThrownBy(() -> new LoraMatrices(random("a", 1, 3, 5), random("b", 2, 7, 2)))
        .hasMessageContaining("[3, 5] (a) and [7, 2]");
    LoraAdapter adapter = LoraAdapter.initial(Lora.rank(2), linears());
    assertThatThrownBy(() -> new LoraAdapter(Lora.rank(3), adapter.matrices()))
        .hasMessage("the adapter of q must have rank 3 but has 2");
    Weights wrong = Weights.of(List.of(random("q", 1, 5, 7), random("up", 1, 3, 400)));
    assertThatThrownBy(() -> adapter.mergedInto(wrong, LinearLayout.OUT_IN))
        .hasMessageContaining("q must have shape [7, 5] as its adapter but has [5, 7]");
  }
}
