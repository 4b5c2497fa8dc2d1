package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.PrefixBatch;
import org.alignment4j.runtime.engine.PrefixBatch.Continuation;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.engine.TokenInput;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Recomputation;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingNoise;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Continuations that share their prefix are those that each have a copy of it, for every family.
 */
class PrefixBatchTest {

  private static final int VOCAB = 43;
  private static final double TOLERANCE = 2e-5;

  /** Prefixes of several lengths, with one, two and three continuations of several lengths. */
  private static final int[][] CONTINUATIONS = {{1, 4}, {0, 6}, {2, 1}, {1, 7}, {2, 5}, {2, 3}};

  private static final int[] PREFIXES = {9, 1, 5};

  static Stream<Arguments> cases() {
    return RecomputationTest.cases();
  }

  private static List<int[]> prefixes() {
    List<int[]> prefixes = new ArrayList<>();
    for (int length : PREFIXES) {
      prefixes.add(RotaryFamilies.tokens(length, length, VOCAB));
    }
    return prefixes;
  }

  private static List<Continuation> continuations() {
    List<Continuation> continuations = new ArrayList<>();
    for (int[] c : CONTINUATIONS) {
      continuations.add(
          new Continuation(c[0], RotaryFamilies.tokens(c[1], 31 * c[0] + c[1], VOCAB)));
    }
    return continuations;
  }

  private static MicroBatch shared() {
    PrefixBatch tokens = new PrefixBatch(prefixes(), continuations());
    Rows rows = new Rows();
    for (int i = 0; i < CONTINUATIONS.length; i++) {
      int prefix = CONTINUATIONS[i][0];
      int[] answer = continuations().get(i).tokens();
      for (int t = 0; t < answer.length; t++) {
        rows.add(
            t == 0 ? tokens.prefixColumn(prefix, PREFIXES[prefix] - 1) : tokens.column(i, t - 1),
            answer[t]);
      }
    }
    return rows.batch(tokens);
  }

  /** Every continuation behind a copy of its prefix, in a row of its own. */
  private static MicroBatch copied() {
    List<int[]> whole = new ArrayList<>();
    for (Continuation c : continuations()) {
      int[] prefix = prefixes().get(c.prefix());
      int[] row = java.util.Arrays.copyOf(prefix, prefix.length + c.tokens().length);
      System.arraycopy(c.tokens(), 0, row, prefix.length, c.tokens().length);
      whole.add(row);
    }
    TokenBatch tokens = TokenBatch.rightPadded(whole);
    Rows rows = new Rows();
    for (int i = 0; i < CONTINUATIONS.length; i++) {
      int start = i * tokens.seq() + PREFIXES[CONTINUATIONS[i][0]] - 1;
      int[] answer = continuations().get(i).tokens();
      for (int t = 0; t < answer.length; t++) {
        rows.add(start + t, answer[t]);
      }
    }
    return rows.batch(tokens);
  }

  /** Rows that reach the head, with weights that differ. */
  private static final class Rows {
    private final List<Long> at = new ArrayList<>();
    private final List<Long> labels = new ArrayList<>();

    void add(long column, int label) {
      at.add(column);
      labels.add((long) label);
    }

    MicroBatch batch(TokenInput tokens) {
      float[] weights = new float[at.size()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (i % 4 - 1.3f) / weights.length;
      }
      return new MicroBatch(
          tokens,
          at.stream().mapToLong(x -> x).toArray(),
          labels.stream().mapToLong(x -> x).toArray(),
          Map.of("weights", new FloatInput(weights, weights.length)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void logProbabilitiesAndGradientsAreThoseOfCopies(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      Trainable all = Trainable.all(model.weights());
      compare(model, all, Recomputation.NONE);
      compare(model, all, Recomputation.BLOCKS);
      compare(
          model,
          Trainable.adapter(model.weights(), model.engine().architecture(), Lora.rank(3)),
          Recomputation.NONE);
    }
  }

  private static void compare(DecoderModel model, Trainable trainable, Recomputation how) {
    try (TrainingStep one = step(model, trainable, TrainingNoise.none(), how);
        TrainingStep other = step(model, trainable, TrainingNoise.none(), how)) {
      float[] expected = one.outputs(copied());
      float[] actual = other.outputs(shared());
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
      }
      double loss = one.run(List.of(copied())).loss();
      assertThat(other.run(List.of(shared())).loss()).isCloseTo(loss, within(TOLERANCE));
      double scale = 0;
      double difference = 0;
      for (var slot : one.parameters().layout().slots()) {
        FloatBuffer wanted = one.gradients().slice(slot.name());
        FloatBuffer given = other.gradients().slice(slot.name());
        for (int i = 0; i < slot.size(); i++) {
          scale = Math.max(scale, Math.abs(wanted.get(i)));
          difference = Math.max(difference, Math.abs(wanted.get(i) - given.get(i)));
        }
      }
      assertThat(scale).isGreaterThan(1e-3);
      assertThat(difference).isLessThanOrEqualTo(TOLERANCE * scale);
    }
  }

  private static TrainingStep step(
      DecoderModel model, Trainable trainable, TrainingNoise noise, Recomputation how) {
    return new TrainingStep(
        model.engine(), trainable, new TinyTraining.Nll(), noise, how, Runnable::run, 1);
  }

  @Test
  void beyondTheTrainedLengthTheLongestSequenceOfAPrefixDecidesItsFrequencies() {
    Map<String, Object> keys =
        new java.util.LinkedHashMap<>(RandomModels.llama(VOCAB, 32, 4, 2, 40, 16));
    keys.put("rope_scaling", Map.of("type", "dynamic", "factor", 2.0));
    ConfigJson config = RandomModels.config(keys);
    int[] prefix = RotaryFamilies.tokens(12, 1, VOCAB);
    int[] brief = RotaryFamilies.tokens(3, 2, VOCAB);
    int[] far = RotaryFamilies.tokens(17, 3, VOCAB);
    Segments row = new Segments().add(prefix).addContinuation(brief, 0).addContinuation(far, 0);
    TokenBatch packed = TokenBatch.of(List.of(row), row.length());
    PrefixBatch shared =
        new PrefixBatch(
            List.of(prefix), List.of(new Continuation(0, brief), new Continuation(0, far)));
    Rows one = new Rows();
    Rows other = new Rows();
    for (int i = 0; i < 2; i++) {
      for (int t = 0; t < (i == 0 ? brief : far).length; t++) {
        one.add(row.start(i + 1) + t, 5);
        other.add(shared.column(i, t), 5);
      }
    }
    try (DecoderModel model =
            DecoderModel.of(config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU);
        TrainingStep step =
            step(model, Trainable.all(model.weights()), TrainingNoise.none(), Recomputation.NONE)) {
      float[] expected = step.outputs(one.batch(packed));
      float[] actual = step.outputs(other.batch(shared));
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
      }
    }
  }

  /** The tables of a short context have 4096 rows, which a run with more columns goes beyond. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunMayHaveMoreColumnsThanTheTablesOfAContextHaveRows(boolean dynamic) {
    Map<String, Object> keys =
        new java.util.LinkedHashMap<>(RandomModels.llama(VOCAB, 32, 4, 2, 40, 16));
    if (dynamic) {
      keys.put("rope_scaling", Map.of("type", "dynamic", "factor", 2.0));
    }
    ConfigJson config = RandomModels.config(keys);
    int[] prefix = RotaryFamilies.tokens(7, 1, VOCAB);
    List<int[]> whole = new ArrayList<>();
    List<Continuation> continuations = new ArrayList<>();
    Segments row = new Segments().add(prefix);
    for (int i = 0; i < 520; i++) {
      int[] own = RotaryFamilies.tokens(8, 3 + i, VOCAB);
      continuations.add(new Continuation(0, own));
      row.addContinuation(own, 0);
      int[] all = java.util.Arrays.copyOf(prefix, 15);
      System.arraycopy(own, 0, all, 7, 8);
      whole.add(all);
    }
    PrefixBatch shared = new PrefixBatch(List.of(prefix), continuations);
    assertThat(shared.seq()).isEqualTo(7 + 520 * 8).isGreaterThan(4096);
    TokenBatch plain = TokenBatch.rightPadded(whole);
    Rows behind = new Rows();
    Rows inRow = new Rows();
    Rows alone = new Rows();
    for (int i = 0; i < 520; i += 40) {
      for (int t = 0; t < 8; t++) {
        behind.add(shared.column(i, t), 5);
        inRow.add(row.start(i + 1) + t, 5);
        alone.add(i * 15L + 7 + t, 5);
      }
    }
    try (DecoderModel model =
            DecoderModel.of(config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU);
        TrainingStep step =
            step(model, Trainable.all(model.weights()), TrainingNoise.none(), Recomputation.NONE)) {
      float[] expected = step.outputs(alone.batch(plain));
      assertThat(step.outputs(behind.batch(shared))).containsExactly(expected, within(1e-4f));
      if (!dynamic) {
        TokenBatch packed = TokenBatch.of(List.of(row), row.length());
        assertThat(step.outputs(inRow.batch(packed))).containsExactly(expected, within(1e-4f));
      }
    }
  }

  @Test
  void dropoutOfAttentionIsRefused() {
    ConfigJson config = RandomModels.config(RandomModels.gpt2(VOCAB, 24, 3, 2, 64));
    TrainingNoise noise = TrainingNoise.none().dropout(0.2);
    try (DecoderModel model =
            DecoderModel.of(config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU);
        TrainingStep step =
            step(model, Trainable.all(model.weights()), noise, Recomputation.NONE)) {
      assertThatThrownBy(() -> step.run(List.of(shared())))
          .hasStackTraceContaining("kind must be MASKED for what reads or changes attention");
    }
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    int[] two = {1, 2};
    assertThatThrownBy(() -> new PrefixBatch(List.of(), List.of(new Continuation(0, two))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prefixes must be at least one");
    assertThatThrownBy(
            () -> new PrefixBatch(List.of(two), List.of(new Continuation(0, new int[0]))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("continuations must be at least one, each of at least one token");
    assertThatThrownBy(() -> new PrefixBatch(List.of(two), List.of(new Continuation(1, two))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one of 1 prefixes but one follows 1");
    List<int[]> many = java.util.Collections.nCopies(600, new int[1000]);
    assertThatThrownBy(() -> new PrefixBatch(many, List.of(new Continuation(0, two))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prefixes of 1000 and continuations of 2 tokens, 600 and 1 of them");
  }
}
