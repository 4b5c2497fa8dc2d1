package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RewardRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftRows;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packed rows with shared prompts give the loss and the gradients of the plain form: one sequence a
 * row, its prompt repeated.
 */
class PackedEqualsPlainTest {

  private static final double TOLERANCE = 1e-5;

  record Result(double loss, Map<String, float[]> gradients) {}

  static Result step(DecoderModel model, Objective objective, List<MicroBatch> batches) {
    return step(model.engine(), Trainable.all(model.weights()), objective, batches);
  }

  static Result step(
      DecoderEngine engine, Trainable trainable, Objective objective, List<MicroBatch> batches) {
    try (TrainingStep step = new TrainingStep(engine, trainable, objective, Runnable::run, 1)) {
      double loss = step.run(batches).loss();
      Map<String, float[]> gradients = new LinkedHashMap<>();
      FlatParameters flat = step.gradients();
      flat.layout()
          .slots()
          .forEach(
              slot -> {
                FloatBuffer slice = flat.slice(slot.name());
                float[] values = new float[slice.remaining()];
                slice.get(values);
                gradients.put(slot.name(), values);
              });
      return new Result(loss, gradients);
    }
  }

  static void compare(Result actual, Result expected) {
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(TOLERANCE));
    double largest = 0;
    for (Map.Entry<String, float[]> entry : expected.gradients().entrySet()) {
      float[] a = actual.gradients().get(entry.getKey());
      float[] b = entry.getValue();
      for (int i = 0; i < b.length; i++) {
        largest = Math.max(largest, Math.abs(b[i]));
        if (Math.abs(a[i] - b[i]) > TOLERANCE * Math.max(1, Math.abs(b[i]))) {
          assertThat(a[i])
              .as(entry.getKey() + "[" + i + "]")
              .isCloseTo(b[i], within((float) TOLERANCE));
        }
      }
    }
    assertThat(largest).as("gradients must not vanish").isGreaterThan(1e-3);
  }

  private static TokenIds tokens(SplittableRandom random, int size, int vocab) {
    return TokenIds.of(random.ints(size, 0, vocab).toArray());
  }

  static List<PreferenceExample> examples(DecoderModel model) {
    SplittableRandom random = new SplittableRandom(5);
    int vocab = model.architecture().config().vocabSize();
    int[][] sizes = {{5, 3, 6}, {1, 1, 2}, {7, 4, 1}, {3, 8, 5}, {4, 2, 2}};
    List<PreferenceExample> examples = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      examples.add(
          new PreferenceExample(
              i,
              tokens(random, sizes[i][0], vocab),
              tokens(random, sizes[i][1], vocab),
              tokens(random, sizes[i][2], vocab),
              i == 2 ? 0.7 : 1));
    }
    return examples;
  }

  /** One row for each answer, prompt and answer end to end, padded on the right. */
  static MicroBatch plain(List<PreferenceRows.Pair> pairs) {
    List<int[]> sequences = new ArrayList<>();
    for (PreferenceRows.Pair p : pairs) {
      sequences.add(p.example().prompt().concat(p.example().chosen()).toArray());
      sequences.add(p.example().prompt().concat(p.example().rejected()).toArray());
    }
    TokenBatch tokens = TokenBatch.rightPadded(sequences);
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int s = 0; s < sequences.size(); s++) {
      for (int t = pairs.get(s / 2).example().prompt().size(); t < sequences.get(s).length; t++) {
        rows.add((long) s * tokens.seq() + t - 1);
        labels.add((long) sequences.get(s)[t]);
        owners.add(s);
      }
    }
    int n = rows.size();
    int count = pairs.size();
    float[] chosen = new float[count * n];
    float[] rejected = new float[count * n];
    for (int i = 0; i < n; i++) {
      (owners.get(i) % 2 == 0 ? chosen : rejected)[owners.get(i) / 2 * n + i] = 1;
    }
    float[] weights = new float[count];
    Arrays.fill(weights, 1f / count);
    return new MicroBatch(
        tokens,
        rows.stream().mapToLong(x -> x).toArray(),
        labels.stream().mapToLong(x -> x).toArray(),
        Map.of(
            PreferenceRows.CHOSEN_TOKENS,
            new FloatInput(chosen, count, n),
            PreferenceRows.REJECTED_TOKENS,
            new FloatInput(rejected, count, n),
            PreferenceRows.REFERENCE_CHOSEN,
            vector(pairs, p -> p.chosen()),
            PreferenceRows.REFERENCE_REJECTED,
            vector(pairs, p -> p.rejected()),
            PreferenceRows.PROBABILITIES,
            vector(pairs, p -> p.example().probability()),
            PreferenceRows.WEIGHTS,
            new FloatInput(weights, count)));
  }

  private interface Field {
    double of(PreferenceRows.Pair pair);
  }

  private static FloatInput vector(List<PreferenceRows.Pair> pairs, Field field) {
    float[] values = new float[pairs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) field.of(pairs.get(i));
    }
    return new FloatInput(values, values.length);
  }

  private static DecoderModel model(String family) {
    ConfigJson config = TestModels.config(family, 61, 16, 2, 64);
    return TestModels.of(config, TestModels.weights(config, 0.2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void preferencePairs(String family) {
    try (DecoderModel model = model(family)) {
      List<PreferenceExample> examples = examples(model);
      AnswerLogProbs own =
          AnswerLogProbs.of(model, examples, new RowPlan(32, 2), CancellationToken.none());
      List<PreferenceRows.Pair> pairs = new ArrayList<>();
      for (int i = 0; i < examples.size(); i++) {
        pairs.add(
            new PreferenceRows.Pair(
                examples.get(i), own.chosen()[i] + 0.3 * i, own.rejected()[i] - 0.5 * i));
      }
      Objective objective = new PreferenceObjective(PreferenceLoss.conservativeDpo(0.5, 0.1), true);
      Result expected = step(model, objective, List.of(plain(pairs)));
      for (RowPlan plan : List.of(new RowPlan(64, 4), new RowPlan(32, 1), new RowPlan(20, 3))) {
        List<MicroBatch> packed =
            PreferenceRows.microBatches(pairs, plan).stream()
                .map(PreferenceRows.Batch::batch)
                .toList();
        int answers =
            examples.stream().mapToInt(e -> e.chosen().size() + e.rejected().size()).sum();
        assertThat(packed.stream().mapToInt(b -> b.rows().length).sum()).isEqualTo(answers);
        compare(step(model, objective, packed), expected);
      }
    }
  }

  /** One row for each answer, padded on the right; its last token reaches the head. */
  static MicroBatch plainRewards(List<PreferenceExample> pairs) {
    List<int[]> sequences = new ArrayList<>();
    for (PreferenceExample p : pairs) {
      sequences.add(p.prompt().concat(p.chosen()).toArray());
      sequences.add(p.prompt().concat(p.rejected()).toArray());
    }
    TokenBatch tokens = TokenBatch.rightPadded(sequences);
    long[] last = new long[sequences.size()];
    Arrays.setAll(last, s -> (long) s * tokens.seq() + sequences.get(s).length - 1);
    int n = pairs.size();
    float[][] inputs = new float[3][n];
    for (int i = 0; i < n; i++) {
      inputs[0][i] = (float) pairs.get(i).margin();
      inputs[1][i] = (float) pairs.get(i).probability();
      inputs[2][i] = 1f / n;
    }
    return new MicroBatch(
        tokens,
        last,
        new long[last.length],
        Map.of(
            RewardRows.MARGINS, new FloatInput(inputs[0], n),
            RewardRows.PROBABILITIES, new FloatInput(inputs[1], n),
            RewardRows.WEIGHTS, new FloatInput(inputs[2], n)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void supervisedExamples(String family) {
    try (DecoderModel model = model(family)) {
      SplittableRandom random = new SplittableRandom(9);
      int vocab = model.architecture().config().vocabSize();
      List<SftExample> examples = new ArrayList<>();
      List<int[]> sequences = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        TokenIds ids = tokens(random, 4 + 3 * i, vocab);
        BitSet learnt = new BitSet();
        learnt.set(2, 4);
        learnt.set(ids.size() - 1);
        examples.add(new SftExample(i, ids, learnt));
        sequences.add(ids.toArray());
      }
      TokenBatch tokens = TokenBatch.rightPadded(sequences);
      List<long[]> scored = new ArrayList<>();
      for (int b = 0; b < sequences.size(); b++) {
        for (int t : examples.get(b).learnt().stream().toArray()) {
          scored.add(new long[] {(long) b * tokens.seq() + t - 1, sequences.get(b)[t]});
        }
      }
      float[] weights = new float[scored.size()];
      Arrays.fill(weights, 1f / scored.size());
      MicroBatch plain =
          new MicroBatch(
              tokens,
              scored.stream().mapToLong(s -> s[0]).toArray(),
              scored.stream().mapToLong(s -> s[1]).toArray(),
              Map.of(SftRows.WEIGHTS, new FloatInput(weights, weights.length)));
      Result expected = step(model, new SftObjective(), List.of(plain));
      for (RowPlan plan : List.of(new RowPlan(64, 4), new RowPlan(16, 1))) {
        compare(step(model, new SftObjective(), SftRows.microBatches(examples, plan)), expected);
      }
      assertThat(IntStream.range(0, 5).map(i -> examples.get(i).learntTokens()).sum())
          .isEqualTo(scored.size());
    }
  }
}
