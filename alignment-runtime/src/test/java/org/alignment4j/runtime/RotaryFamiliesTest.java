package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every path of the engine for the families that descend from Llama, by a naive reference. */
class RotaryFamiliesTest {

  private static final String CASES = "org.alignment4j.runtime.RotaryFamilies#configurations";
  private static final double TOLERANCE = 1e-4;
  private static final int[] LENGTHS = {4, 33, 17};
  private static final int STEPS = 9;

  private static List<int[]> sequences() {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      all.add(RotaryFamilies.tokens(LENGTHS[i], i, RotaryFamilies.VOCAB));
    }
    return all;
  }

  private static List<Continuation> continuations() {
    return sequences().stream()
        .map(
            s ->
                Continuation.of(
                    Prompt.tokens(s[0]), TokenIds.of(Arrays.copyOfRange(s, 1, s.length))))
        .toList();
  }

  private static void close(ContinuationScore score, double[] expected) {
    for (int t = 0; t < expected.length; t++) {
      assertThat(score.logProbs().get(t)).isCloseTo(expected[t], within(TOLERANCE));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void scoresOfARaggedBatch(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    NaiveRotaryDecoder naive = new NaiveRotaryDecoder(keys, weights);
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<ContinuationScore> scores = model.logProbabilities(continuations());
      for (int i = 0; i < LENGTHS.length; i++) {
        close(scores.get(i), naive.logProbs(sequences().get(i)));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void bothSessionsDecodePromptsLongerThanAWindow(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    NaiveRotaryDecoder naive = new NaiveRotaryDecoder(keys, weights);
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      decodes(DecodeSessions.cached(model.instance(), Instrumentation.none()), naive);
      decodes(DecodeSessions.groupedQuery(model.instance()), naive);
    }
  }

  private static void decodes(DecodeSession.Factory factory, NaiveRotaryDecoder naive) {
    List<int[]> prompts = sequences();
    List<int[]> whole = new ArrayList<>();
    List<double[][]> expected = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] all = Arrays.copyOf(prompts.get(i), LENGTHS[i] + STEPS);
      System.arraycopy(
          RotaryFamilies.tokens(STEPS, 50 + i, RotaryFamilies.VOCAB), 0, all, LENGTHS[i], STEPS);
      whole.add(all);
      expected.add(naive.logits(all));
    }
    try (DecodeSession session = factory.open(new int[] {0, 1, 2}, 48)) {
      float[] logits = session.prefill(prompts);
      int[] rows = {0, 1, 2};
      for (int s = 0; ; s++) {
        for (int b = 0; b < rows.length; b++) {
          double[] row = expected.get(rows[b])[LENGTHS[rows[b]] + s - 1];
          for (int i = 0; i < row.length; i++) {
            assertThat(logits[b * row.length + i])
                .as("row %d, step %d", rows[b], s)
                .isCloseTo((float) row[i], within((float) TOLERANCE));
          }
        }
        if (s == STEPS) {
          break;
        }
        if (s == 4) {
          session.select(new int[] {1, 2});
          rows = new int[] {1, 2};
        }
        int step = s;
        logits =
            session.step(Arrays.stream(rows).map(r -> whole.get(r)[LENGTHS[r] + step]).toArray());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void greedyTokens(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    NaiveRotaryDecoder naive = new NaiveRotaryDecoder(keys, weights);
    SamplingOptions options = SamplingOptions.builder(STEPS).temperature(0).ignoreEos(true).build();
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<Completion> completions =
          model.generate(sequences().stream().map(Prompt::tokens).toList(), options);
      for (int i = 0; i < LENGTHS.length; i++) {
        int[] all = Arrays.copyOf(sequences().get(i), LENGTHS[i] + STEPS);
        for (int n = LENGTHS[i]; n < all.length; n++) {
          double[] logits = naive.logits(Arrays.copyOf(all, n))[n - 1];
          double best = Double.NEGATIVE_INFINITY;
          for (int id = 0; id < logits.length; id++) {
            if (logits[id] > best && !model.eosTokenIds().contains(id)) {
              best = logits[id];
              all[n] = id;
            }
          }
        }
        assertThat(completions.get(i).tokens())
            .isEqualTo(TokenIds.of(Arrays.copyOfRange(all, LENGTHS[i], all.length)));
      }
    }
  }

  /** Two sequences end to end, and two that continue the first. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void packedRowsAndSharedPrefixes(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    NaiveRotaryDecoder naive = new NaiveRotaryDecoder(keys, weights);
    int[] first = RotaryFamilies.tokens(12, 1, RotaryFamilies.VOCAB);
    int[] second = RotaryFamilies.tokens(9, 2, RotaryFamilies.VOCAB);
    int[] third = RotaryFamilies.tokens(11, 3, RotaryFamilies.VOCAB);
    Segments row =
        new Segments().add(first).add(second).addContinuation(second, 0).addContinuation(third, 0);
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    List<Double> expected = new ArrayList<>();
    expect(naive, first, 1, 0, rows, labels, expected);
    expect(naive, second, 1, row.start(1), rows, labels, expected);
    expect(naive, join(first, second), 13, row.start(2) - 12, rows, labels, expected);
    expect(naive, join(first, third), 13, row.start(3) - 12, rows, labels, expected);
    MicroBatch batch =
        new MicroBatch(
            TokenBatch.of(List.of(row), row.length() + 2),
            rows.stream().mapToLong(x -> x).toArray(),
            labels.stream().mapToLong(x -> x).toArray(),
            Map.of());
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU);
        BoundWeights bound = BoundWeights.of(model.engine().runtime(), model.weights())) {
      float[] found = LabelLogProbs.of(model.engine(), bound, batch);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(expected.get(i).floatValue(), within((float) TOLERANCE));
      }
    }
  }

  private static int[] join(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static void expect(
      NaiveRotaryDecoder naive,
      int[] tokens,
      int from,
      int column,
      List<Long> rows,
      List<Long> labels,
      List<Double> expected) {
    double[] logProbs = naive.logProbs(tokens);
    for (int t = from; t < tokens.length; t++) {
      rows.add((long) column + t - 1);
      labels.add((long) tokens[t]);
      expected.add(logProbs[t - 1]);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void everyHookPointPassesItsOwnValue(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    TokenIds tokens = TokenIds.of(sequences().get(2));
    double[][] expected = new NaiveRotaryDecoder(keys, weights).logits(sequences().get(2));
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<HookPoint<?>> points = model.hookPoints();
      Set<HookKind> kinds = new HashSet<>();
      points.forEach(p -> kinds.add(p.kind()));
      assertThat(kinds.contains(HookKind.LN1_SCALE)).isEqualTo(!name.startsWith("olmo2"));
      assertThat(kinds.contains(HookKind.MLP_PRE_LINEAR)).isEqualTo(!name.startsWith("mixtral"));
      assertThat(kinds).contains(HookKind.ROT_Q, HookKind.MLP_OUT, HookKind.PATTERN);
      model.forward(tokens).cache(points.toArray(HookPoint<?>[]::new)).execute();
      for (HookPoint<?> point : points) {
        if (point.layer() == 0) {
          same(model.with(identity(point)).forward(tokens).execute().logits(0, -1), expected[16]);
        }
      }
    }
  }

  private static Intervention<?> identity(HookPoint<?> point) {
    return new Intervention<>(point, Selection.ALL, new Edit.Scale(1));
  }

  private static void same(float[] found, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo((float) expected[i], within((float) TOLERANCE));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void adaptersOfEveryLinearPart(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      LoraAdapter start =
          ((Trainable.Adapter)
                  Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3)))
              .start();
      int experts = (int) keys.getOrDefault("num_local_experts", 1);
      int perBlock = name.startsWith("phi3") ? 4 : 4 + 3 * experts;
      assertThat(start.matrices()).hasSize(2 * perBlock);
      Random random = new Random(3);
      Map<String, LoraMatrices> filled = new LinkedHashMap<>();
      start
          .matrices()
          .forEach(
              (weight, pair) -> {
                float[] b = new float[pair.b().size()];
                for (int i = 0; i < b.length; i++) {
                  b[i] = 0.1f * (float) random.nextGaussian();
                }
                filled.put(
                    weight,
                    new LoraMatrices(
                        pair.a(), WeightTensor.of(pair.b().name(), pair.b().shape(), b)));
              });
      try (DecoderModel adapted = model.withAdapter(new LoraAdapter(start.config(), filled));
          DecoderModel merged = adapted.merged()) {
        NaiveRotaryDecoder naive = new NaiveRotaryDecoder(keys, merged.weights());
        List<ContinuationScore> scores = adapted.logProbabilities(continuations());
        double[] before = new NaiveRotaryDecoder(keys, weights).logProbs(sequences().get(1));
        double[] after = naive.logProbs(sequences().get(1));
        assertThat(Arrays.equals(before, after)).isFalse();
        close(scores.get(1), after);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void aSavedModelIsTheSameUnderItsOwnNames(
      String name, Map<String, Object> keys, @TempDir Path folder) {
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RotaryFamilies.weights(config, 0.25);
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      model.save(folder.resolve("saved"));
      try (DecoderModel again = DecoderModel.load(folder.resolve("saved"), TestModels.CPU)) {
        assertThat(again.architecture()).isEqualTo(model.architecture());
        assertThat(again.weights().names()).isEqualTo(weights.names());
        assertThat(again.weights().contentHash()).isEqualTo(weights.contentHash());
        assertThat(logProbs(again)).isEqualTo(logProbs(model));
      }
    }
  }

  private static List<?> logProbs(DecoderModel model) {
    return model.logProbabilities(continuations()).stream()
        .map(ContinuationScore::logProbs)
        .toList();
  }

  /** Stored as bfloat16, the upper half of each float. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void sixteenBitCheckpoints(String name, Map<String, Object> keys, @TempDir Path folder)
      throws IOException {
    ConfigJson config = RandomModels.config(keys);
    List<WeightTensor> rounded = new ArrayList<>();
    Map<String, Object> header = new LinkedHashMap<>();
    ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (WeightTensor t : RotaryFamilies.weights(config, 0.25).tensors()) {
      float[] values = new float[t.size()];
      int start = data.position();
      for (int i = 0; i < values.length; i++) {
        int bits = Float.floatToRawIntBits(t.data().get(i)) & 0xffff0000;
        values[i] = Float.intBitsToFloat(bits);
        data.putShort((short) (bits >>> 16));
      }
      rounded.add(WeightTensor.of(t.name(), t.shape(), values));
      header.put(
          t.name(),
          Map.of(
              "dtype", "BF16",
              "shape", t.shape(),
              "data_offsets", List.of(start, data.position())));
    }
    byte[] head = ConfigJson.of("header", header).text().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + head.length + data.position()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(head.length).put(head).put(data.flip());
    Files.write(folder.resolve("model.safetensors"), file.array());
    Files.writeString(folder.resolve("config.json"), config.text());
    try (DecoderModel loaded = DecoderModel.load(folder, TestModels.CPU);
        DecoderModel direct = DecoderModel.of(config, Weights.of(rounded), null, TestModels.CPU)) {
      assertThat(logProbs(loaded)).isEqualTo(logProbs(direct));
    }
  }
}
