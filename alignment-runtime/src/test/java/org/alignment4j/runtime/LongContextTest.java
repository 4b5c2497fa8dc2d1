package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.MicroBatch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rotary positions whose frequencies depend on the length of the sequence, on both sides of the
 * trained length, against the naive decoder over each sequence alone.
 */
class LongContextTest {

  private static final int TRAINED = 16;
  private static final double TOLERANCE = 1e-4;
  private static final int[] LENGTHS = {4, 40, 16, 18, 17, 31};
  private static final int STEPS = 7;

  static Stream<Arguments> models() {
    Map<String, Object> dynamic = Map.of("type", "dynamic", "factor", 3.5);
    Map<String, Object> longRope =
        Map.of(
            "type",
            "longrope",
            "short_factor",
            List.of(1.0, 1.1, 1.5, 2.0),
            "long_factor",
            List.of(1.3, 2.0, 3.0, 4.5));
    Map<String, Object> half =
        Map.of(
            "type",
            "longrope",
            "short_factor",
            List.of(1.0, 1.5),
            "long_factor",
            List.of(2.0, 5.0),
            "attention_factor",
            1.25);
    String original = "original_max_position_embeddings";
    return Stream.of(
        model("llama", "rope_scaling", dynamic),
        model(
            "qwen2",
            "rope_parameters",
            Map.of("rope_type", "dynamic", "factor", 4.0, "rope_theta", 500.0)),
        // Blocks with a window read distances, which must not be those of rows of tables.
        model("mistral", "sliding_window", 6, "rope_scaling", dynamic),
        model(
            "phi3",
            "sliding_window",
            6,
            "max_position_embeddings",
            64,
            original,
            TRAINED,
            "rope_scaling",
            longRope),
        model(
            "phi3",
            "partial_rotary_factor",
            0.5,
            "max_position_embeddings",
            64,
            original,
            TRAINED,
            "rope_scaling",
            half));
  }

  private static Arguments model(String family, Object... changes) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", family);
    keys.put("vocab_size", RotaryFamilies.VOCAB);
    keys.put("hidden_size", 32);
    keys.put("num_attention_heads", 4);
    keys.put("num_key_value_heads", 2);
    keys.put("num_hidden_layers", 2);
    keys.put("intermediate_size", 40);
    keys.put("max_position_embeddings", TRAINED);
    for (int i = 0; i < changes.length; i += 2) {
      keys.put((String) changes[i], changes[i + 1]);
    }
    return Arguments.of(family + " " + Arrays.toString(changes), keys);
  }

  private static DecoderModel open(Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    return DecoderModel.of(config, weights(keys), null, TestModels.CPU);
  }

  private static Weights weights(Map<String, Object> keys) {
    return RotaryFamilies.weights(RandomModels.config(keys), 0.25);
  }

  private static NaiveRotaryDecoder naive(Map<String, Object> keys) {
    return new NaiveRotaryDecoder(keys, weights(keys));
  }

  private static int[] tokens(int length, int seed) {
    return RotaryFamilies.tokens(length, seed, RotaryFamilies.VOCAB);
  }

  private static int[] join(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static void same(float[] found, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo((float) expected[i], within((float) TOLERANCE));
    }
  }

  /** Lengths are far enough apart for the test to see which tables were used. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void theReferenceItselfDependsOnTheLength(String name, Map<String, Object> keys) {
    int[] tokens = tokens(20, 1);
    double[] within = naive(keys).logits(tokens, TRAINED)[19];
    double[] beyond = naive(keys).logits(tokens, TRAINED + 4)[19];
    double largest = 0;
    for (int i = 0; i < within.length; i++) {
      largest = Math.max(largest, Math.abs(within[i] - beyond[i]));
    }
    assertThat(largest).isGreaterThan(100 * TOLERANCE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void aRaggedBatchScoresAsEachSequenceAlone(String name, Map<String, Object> keys) {
    List<Continuation> continuations = new ArrayList<>();
    List<int[]> whole = new ArrayList<>();
    for (int length : LENGTHS) {
      int[] all = tokens(length, length);
      whole.add(all);
      continuations.add(
          Continuation.of(
              Prompt.tokens(all[0]), TokenIds.of(Arrays.copyOfRange(all, 1, all.length))));
    }
    // One prompt, of which some continuations end within the trained length.
    int[] prompt = tokens(12, 77);
    for (int more : new int[] {2, 5, 6, 20, 20}) {
      int[] rest = tokens(more, 100 + whole.size());
      whole.add(join(prompt, rest));
      continuations.add(Continuation.of(Prompt.tokens(prompt), TokenIds.of(rest)));
    }
    NaiveRotaryDecoder naive = naive(keys);
    try (DecoderModel model = open(keys)) {
      List<ContinuationScore> scores = model.logProbabilities(continuations);
      for (int i = 0; i < scores.size(); i++) {
        double[] expected = naive.logProbs(whole.get(i));
        int skipped = expected.length - scores.get(i).logProbs().size();
        for (int t = skipped; t < expected.length; t++) {
          assertThat(scores.get(i).logProbs().get(t - skipped))
              .as("continuation %d, token %d", i, t)
              .isCloseTo(expected[t], within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void runsWithHooksReadEachSequenceAlone(String name, Map<String, Object> keys) {
    List<int[]> sequences = Arrays.stream(LENGTHS).mapToObj(n -> tokens(n, n)).toList();
    try (DecoderModel model = open(keys)) {
      ForwardResult found = model.forward(sequences.stream().map(TokenIds::of).toList()).execute();
      for (int b = 0; b < LENGTHS.length; b++) {
        double[][] expected = naive(keys).logits(sequences.get(b));
        for (int t = 0; t < LENGTHS[b]; t++) {
          same(found.logits(b, t), expected[t]);
        }
      }
    }
  }

  /** Sequences that share a beginning turn as the longest of them. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void packedRows(String name, Map<String, Object> keys) {
    int[] first = tokens(12, 1);
    int[] second = tokens(9, 2);
    int[] third = tokens(23, 3);
    int[] fourth = tokens(30, 4);
    Segments row =
        new Segments()
            .add(first)
            .add(second)
            .addContinuation(third, 0)
            .addContinuation(second, 0)
            .add(fourth);
    NaiveRotaryDecoder naive = naive(keys);
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    List<Double> expected = new ArrayList<>();
    expect(naive.logProbs(first, 35), first, 1, 0, rows, labels, expected);
    expect(naive.logProbs(second, 9), second, 1, row.start(1), rows, labels, expected);
    int[] joined = join(first, third);
    expect(naive.logProbs(joined, 35), joined, 13, row.start(2) - 12, rows, labels, expected);
    joined = join(first, second);
    expect(naive.logProbs(joined, 35), joined, 13, row.start(3) - 12, rows, labels, expected);
    expect(naive.logProbs(fourth, 30), fourth, 1, row.start(4), rows, labels, expected);
    MicroBatch batch =
        new MicroBatch(
            TokenBatch.of(List.of(row), row.length() + 2),
            rows.stream().mapToLong(x -> x).toArray(),
            labels.stream().mapToLong(x -> x).toArray(),
            Map.of());
    try (DecoderModel model = open(keys);
        BoundWeights bound = BoundWeights.of(model.engine().runtime(), model.weights())) {
      float[] found = LabelLogProbs.of(model.engine(), bound, batch);
      same(found, expected.stream().mapToDouble(x -> x).toArray());
    }
  }

  private static void expect(
      double[] logProbs,
      int[] tokens,
      int from,
      int column,
      List<Long> rows,
      List<Long> labels,
      List<Double> expected) {
    for (int t = from; t < tokens.length; t++) {
      rows.add((long) column + t - 1);
      labels.add((long) tokens[t]);
      expected.add(logProbs[t - 1]);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void bothSessionsTurnByTheLengthARowMayReach(String name, Map<String, Object> keys) {
    try (DecoderModel model = open(keys)) {
      decodes(DecodeSessions.cached(model.instance(), Instrumentation.none()), naive(keys));
      decodes(DecodeSessions.groupedQuery(model.instance()), naive(keys));
    }
  }

  /** Prompts of which some begin alike, some are equal, and some have the same frequencies. */
  private static List<int[]> prompts() {
    int[] base = tokens(30, 9);
    List<int[]> prompts = new ArrayList<>();
    for (int length : new int[] {4, 30, 9, 10, 24, 24, 17}) {
      prompts.add(Arrays.copyOf(base, length));
    }
    return prompts;
  }

  private static void decodes(DecodeSession.Factory factory, NaiveRotaryDecoder naive) {
    List<int[]> prompts = prompts();
    List<int[]> whole = new ArrayList<>();
    List<double[][]> expected = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] all = join(prompts.get(i), tokens(STEPS, 50 + i));
      whole.add(all);
      expected.add(naive.logits(all, all.length));
    }
    try (DecodeSession session = factory.open(new int[] {0, 1, 2, 3, 4, 5, 6}, 40, STEPS)) {
      float[] logits = session.prefill(prompts);
      int[] rows = {0, 1, 2, 3, 4, 5, 6};
      for (int s = 0; ; s++) {
        for (int b = 0; b < rows.length; b++) {
          double[] row = expected.get(rows[b])[prompts.get(rows[b]).length + s - 1];
          for (int i = 0; i < row.length; i++) {
            assertThat(logits[b * row.length + i])
                .as("row %d, step %d", rows[b], s)
                .isCloseTo((float) row[i], within((float) TOLERANCE));
          }
        }
        if (s == STEPS) {
          break;
        }
        if (s == 3) {
          session.select(new int[] {6, 0, 3, 1});
          rows = new int[] {6, 0, 3, 1};
        }
        int step = s;
        logits =
            session.step(
                Arrays.stream(rows).map(r -> whole.get(r)[prompts.get(r).length + step]).toArray());
      }
    }
  }

  private static SamplingOptions greedy(int tokens) {
    return SamplingOptions.builder(tokens).temperature(0).ignoreEos(true).logProbs(true).build();
  }

  /** Greedy tokens of the reference, whose positions turn by the length that may be reached. */
  private static int[] greedy(
      NaiveRotaryDecoder naive, int[] prompt, int count, DecoderModel model) {
    int[] all = Arrays.copyOf(prompt, prompt.length + count);
    for (int n = prompt.length; n < all.length; n++) {
      double[] logits = naive.logits(Arrays.copyOf(all, n), all.length - 1)[n - 1];
      double best = Double.NEGATIVE_INFINITY;
      for (int id = 0; id < logits.length; id++) {
        if (logits[id] > best && !model.eosTokenIds().contains(id)) {
          best = logits[id];
          all[n] = id;
        }
      }
    }
    return Arrays.copyOfRange(all, prompt.length, all.length);
  }

  /** In one batch, and scored as it was generated. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void completionsOfTheWholeLengthScoreAsTheyWereGenerated(String name, Map<String, Object> keys) {
    NaiveRotaryDecoder naive = naive(keys);
    try (DecoderModel model = open(keys)) {
      List<Completion> completions =
          model.generate(prompts().stream().map(Prompt::tokens).toList(), greedy(STEPS));
      List<Continuation> again = new ArrayList<>();
      for (int i = 0; i < completions.size(); i++) {
        Completion completion = completions.get(i);
        assertThat(completion.tokens())
            .isEqualTo(TokenIds.of(greedy(naive, prompts().get(i), STEPS, model)));
        again.add(Continuation.of(Prompt.tokens(prompts().get(i)), completion.tokens()));
      }
      List<ContinuationScore> scores = model.logProbabilities(again);
      for (int i = 0; i < scores.size(); i++) {
        for (int t = 0; t < STEPS; t++) {
          assertThat(scores.get(i).logProbs().get(t))
              .isCloseTo(completions.get(i).modelLogProbs().get(t), within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void oneBeamIsGreedy(String name, Map<String, Object> keys) {
    int[] prompt = tokens(12, 5);
    try (DecoderModel model = open(keys)) {
      List<List<BeamHypothesis>> found =
          model.beamSearch(
              List.of(Prompt.tokens(prompt)),
              BeamSearchOptions.of(STEPS, 1),
              CancellationToken.none());
      Completion best = found.get(0).get(0).completion();
      double[] expected =
          naive(keys).logProbs(join(prompt, best.tokens().toArray()), prompt.length + STEPS - 1);
      for (int t = 0; t < best.tokens().size(); t++) {
        assertThat(best.modelLogProbs().get(t))
            .isCloseTo(expected[prompt.length - 1 + t], within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void theContextEndsWhereTheScalingSays(String name, Map<String, Object> keys) {
    int context = keys.toString().contains("factor=3.5") ? 56 : 64;
    try (DecoderModel model = open(keys)) {
      assertThat(model.architecture().config().maxPositions()).isEqualTo(context);
      int[] longest = tokens(context, 3);
      same(
          model.forward(TokenIds.of(longest)).execute().logits(0, -1),
          naive(keys).logits(longest)[context - 1]);
      assertThatThrownBy(() -> model.forward(TokenIds.of(tokens(context + 1, 3))).execute())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 to " + context + " tokens");
    }
  }

  /** The ONNX file has the tables of the trained length, and refuses positions beyond it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void exportsServeTheTrainedLength(String name, Map<String, Object> keys, @TempDir Path folder)
      throws Exception {
    try (DecoderModel model = open(keys)) {
      model.exportOnnx(folder);
    }
    ConfigJson config = ConfigJson.read(folder.resolve("config.json"));
    assertThat(config.requiredSize("max_position_embeddings")).isEqualTo(TRAINED);
    try (PlainOnnx plain = new PlainOnnx(folder.resolve("model.onnx"))) {
      int[] tokens = tokens(TRAINED, 8);
      long[] marks = new long[TRAINED];
      Arrays.fill(marks, 1);
      plain.reset(1);
      float[][][] logits =
          plain.read(
              new long[][] {Arrays.stream(tokens).asLongStream().toArray()}, new long[][] {marks});
      double[][] expected = naive(keys).logits(tokens);
      for (int t = 0; t < TRAINED; t++) {
        same(logits[0][t], expected[t]);
      }
      long[] more = Arrays.copyOf(marks, TRAINED + 1);
      more[TRAINED] = 1;
      assertThatThrownBy(() -> plain.read(new long[][] {{5}}, new long[][] {more}))
          .isInstanceOf(OrtException.class);
    }
  }
}
