package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation over packed weights gives what it gives over weights that are read in place. */
class PackedGenerationTest {

  private static final double TOLERANCE = 1e-5;

  static List<String> families() {
    return QuantisedFamilies.names();
  }

  private static DecoderModel model(String name, boolean packed) {
    ConfigJson config = RandomModels.config(QuantisedFamilies.keys(name));
    return DecoderModel.of(
        config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU.packed(packed));
  }

  /** Logits of two prompts of different length and of three steps after them. */
  private static float[] logits(DecoderModel model) {
    float[] all = new float[0];
    try (DecodeSession session =
        DecodeSessions.of(model.instance(), Instrumentation.none()).open(new int[] {0, 1}, 16)) {
      all = concat(all, session.prefill(List.of(new int[] {5, 9, 3, 7}, new int[] {11, 4})));
      for (int step = 0; step < 3; step++) {
        all = concat(all, session.step(new int[] {3 + step, 20 + step}));
      }
    }
    return all;
  }

  private static float[] concat(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** The largest difference, relative to the largest logit. */
  private static double distance(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double largest = IntStream.range(0, b.length).mapToDouble(i -> Math.abs(b[i])).max().orElse(0);
    double worst =
        IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
    return worst / Math.max(1, largest);
  }

  private static LoraAdapter adapter(DecoderModel model, long seed) {
    LoraAdapter start =
        Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3)).start();
    return AdapterReferenceTest.filled(start, new Random(seed));
  }

  @ParameterizedTest
  @MethodSource("families")
  void packedWeightsGiveTheSameLogits(String name) {
    try (DecoderModel packed = model(name, true);
        DecoderModel plain = model(name, false)) {
      assertThat(distance(logits(packed), logits(plain))).isLessThan(TOLERANCE);
    }
  }

  @Test
  void adaptersOverOnePackedBaseDoNotDisturbEachOther() {
    try (DecoderModel base = model("gpt2", true);
        DecoderModel plain = model("gpt2", false)) {
      LoraAdapter one = adapter(base, 1);
      LoraAdapter two = adapter(base, 2);
      float[] before = logits(base);
      try (DecoderModel first = base.withAdapter(one);
          DecoderModel expectedFirst = plain.withAdapter(one);
          DecoderModel second = base.withAdapter(two);
          DecoderModel expectedSecond = plain.withAdapter(two)) {
        assertThat(distance(logits(first), logits(expectedFirst))).isLessThan(TOLERANCE);
        assertThat(distance(logits(second), logits(expectedSecond))).isLessThan(TOLERANCE);
        assertThat(distance(logits(first), logits(second))).isGreaterThan(0.01);
        assertThat(logits(base)).isEqualTo(before);
      }
    }
  }

  @Test
  void editedWeightsAreNeverStale() {
    DecoderModel base = model("gpt2", true);
    float[] before = logits(base);
    String name = base.weights().names().iterator().next();
    DecoderModel edited = base.edit(name, values -> scaled(values, 1.5f));
    float[] after = logits(edited);
    assertThat(distance(after, before)).isGreaterThan(0.01);
    base.close();
    assertThat(logits(edited)).isEqualTo(after);
    try (edited;
        DecoderModel back = edited.edit(name, values -> scaled(values, 1 / 1.5f))) {
      assertThat(distance(logits(back), before)).isLessThan(TOLERANCE);
    }
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }
}
