package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import onnx.Onnx;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.StoredTensor;
import org.alignment4j.runtime.graph.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of ONNX files, against the models they were exported from and against plain formulas. */
class OnnxLanguageModelTest {

  private static final String CASES = "org.alignment4j.runtime.ExportedFamilies#cases";

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void anExportedDecoderComesBack(String name, ConfigJson config, Weights weights) {
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      model.exportOnnx(folder);
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        assertThat(back.cached()).isTrue();
        sameScores(model, back, 2e-5);
        List<Prompt> prompts = prompts(model);
        SamplingOptions greedy = SamplingOptions.greedy(6);
        assertThat(tokens(back.generate(prompts, greedy)))
            .isEqualTo(tokens(model.generate(prompts, greedy)));
        SamplingOptions sampled = SamplingOptions.sampling(6, 3);
        assertThat(tokens(back.generate(prompts, sampled)))
            .isEqualTo(tokens(model.generate(prompts, sampled)));
      }
    }
  }

  @Test
  void beamsSelectRowsOfTheCache() {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        BeamSearchOptions options = BeamSearchOptions.of(4, 6);
        assertThat(
                back.beamSearch(prompts(model), options, CancellationToken.none()).stream()
                    .map(b -> b.get(0).completion().tokens())
                    .toList())
            .isEqualTo(
                model.beamSearch(prompts(model), options, CancellationToken.none()).stream()
                    .map(b -> b.get(0).completion().tokens())
                    .toList());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "onnx/model.onnx", "decoder_model_merged.onnx"})
  void filesAreFoundWhereOptimumAndHubsPutThem(String place) throws IOException {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
      Files.createDirectories(folder.resolve(place).getParent());
      Files.move(folder.resolve("model.onnx"), folder.resolve("kept"));
      Files.move(folder.resolve("kept"), folder.resolve(place));
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        sameScores(model, back, 2e-5);
      }
    }
  }

  @Test
  void keysValuesAndLogitsInHalfPrecision() throws IOException {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
      rewrite(OnnxLanguageModelTest::toHalf);
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        sameScores(model, back, 2e-3);
        assertThat(
                back.beamSearch(
                    prompts(model), BeamSearchOptions.of(3, 4), CancellationToken.none()))
            .hasSize(3);
      }
    }
  }

  @Test
  void aMergedDecoderIsToldItsFirstRun() throws IOException {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
      rewrite(OnnxLanguageModelTest::branching);
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        sameScores(model, back, 2e-5);
        SamplingOptions greedy = SamplingOptions.greedy(6);
        assertThat(tokens(back.generate(prompts(model), greedy)))
            .isEqualTo(tokens(model.generate(prompts(model), greedy)));
      }
    }
  }

  /** Of a bigram model the logits of each token are a row of a table. */
  @Test
  void aModelWithoutCacheReadsEverythingAgain() throws IOException {
    float[] table = bigram();
    try (OnnxLanguageModel model = OnnxLanguageModel.load(folder, TestModels.CPU)) {
      assertThat(model.cached()).isFalse();
      ContinuationScore score =
          model
              .logProbabilities(
                  List.of(
                      Continuation.of(Prompt.tokens(3, 1), TokenIds.of(4, 0)),
                      Continuation.of(Prompt.tokens(2), TokenIds.of(1))))
              .get(0);
      assertThat(score.logProbs().get(0)).isCloseTo(logProb(table, 1, 4), within(1e-6));
      assertThat(score.logProbs().get(1)).isCloseTo(logProb(table, 4, 0), within(1e-6));
      int[] expected = new int[7];
      int token = 2;
      for (int i = 0; i < expected.length; i++) {
        token = argmax(table, token);
        expected[i] = token;
      }
      Completion completion = model.generate(Prompt.tokens(2), SamplingOptions.greedy(7));
      assertThat(completion.tokens()).isEqualTo(TokenIds.of(expected));
    }
  }

  @Test
  void whatIsMissingOrUnknownIsNamed() throws IOException {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
    }
    byte[] good = Files.readAllBytes(folder.resolve("model.onnx"));
    refused(
        good,
        g -> g.addInput(Onnx.ValueInfoProto.newBuilder(g.getInput(0)).setName("pixel_values")),
        "pixel_values");
    refused(good, g -> OnnxEdits.renameInput(g, "input_ids", "tokens"), "'input_ids'");
    refused(good, g -> OnnxEdits.renameInput(g, "attention_mask", "mask"), "'attention_mask'");
    refused(good, g -> OnnxEdits.renameOutput(g, "logits", "scores"), "'logits'");
    refused(
        good,
        g -> OnnxEdits.renameOutput(g, "present.1.value", "present.9.value"),
        "'present.1.value'");
    refused(
        good, g -> OnnxEdits.renameInput(g, "past_key_values.1.key", "past.1.key"), "past.1.key");
    refused(
        good,
        g -> OnnxEdits.castInput(g, "input_ids", Onnx.TensorProto.DataType.FLOAT_VALUE),
        "'input_ids' must be INT64 or INT32");
    Files.write(folder.resolve("model.onnx"), good);
    Files.writeString(folder.resolve("config.json"), "{\"vocab_size\":");
    assertThatThrownBy(() -> OnnxLanguageModel.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json");
    Files.delete(folder.resolve("config.json"));
    assertThatThrownBy(() -> OnnxLanguageModel.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.delete(folder.resolve("model.onnx"));
    assertThatThrownBy(() -> OnnxLanguageModel.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.onnx");
  }

  @Test
  void logitsOfAnotherShapeAreNamed() throws IOException {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
      rewrite(OnnxLanguageModelTest::lastLogitsOnly);
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        assertThatThrownBy(() -> back.logProbabilities(continuations(model)))
            .isInstanceOf(ModelExecutionException.class)
            .hasMessageContaining("'logits'")
            .hasMessageContaining("model.onnx");
      }
    }
  }

  @Test
  void aClosedModelSaysSo() {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
      OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU);
      assertThat(back.id()).isNotEmpty().isNotEqualTo(model.id());
      back.close();
      back.close();
      assertThatThrownBy(() -> back.logProbabilities(continuations(model)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void textsAndConversationsWithTheTokenizerOfTheFolder() {
    try (DecoderModel model = TestModels.stories()) {
      model.exportOnnx(folder);
      assertThat(folder.resolve("tokenizer.json")).exists();
      try (OnnxLanguageModel back = OnnxLanguageModel.load(folder, TestModels.CPU)) {
        Prompt prompt = Prompt.text("Once upon a time");
        SamplingOptions greedy = SamplingOptions.greedy(40);
        assertThat(back.generate(prompt, greedy).text())
            .isEqualTo(model.generate(prompt, greedy).text());
        assertThat(back.logProbabilities(prompt, " there was a dog").sum())
            .isCloseTo(model.logProbabilities(prompt, " there was a dog").sum(), within(1e-4));
      }
    }
  }

  private static void sameScores(DecoderModel model, OnnxLanguageModel back, double tolerance) {
    List<ContinuationScore> expected = model.logProbabilities(continuations(model));
    List<ContinuationScore> actual = back.logProbabilities(continuations(model));
    for (int i = 0; i < expected.size(); i++) {
      for (int t = 0; t < expected.get(i).tokens().size(); t++) {
        assertThat(actual.get(i).logProbs().get(t))
            .as("continuation %d, token %d", i, t)
            .isCloseTo(expected.get(i).logProbs().get(t), within(tolerance));
      }
      assertThat(actual.get(i).tokens()).isEqualTo(expected.get(i).tokens());
    }
  }

  private static List<Continuation> continuations(DecoderModel model) {
    int vocab = model.architecture().config().vocabSize();
    List<Continuation> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int[] tokens = new Random(i).ints(3 + 5L * i, 3, vocab).toArray();
      int split = 1 + i;
      all.add(
          Continuation.of(
              Prompt.tokens(Arrays.copyOf(tokens, split)),
              TokenIds.of(Arrays.copyOfRange(tokens, split, tokens.length))));
    }
    return all;
  }

  private static List<Prompt> prompts(DecoderModel model) {
    int vocab = model.architecture().config().vocabSize();
    List<Prompt> all = new ArrayList<>();
    for (int length : new int[] {4, 13, 1}) {
      all.add(Prompt.tokens(new Random(length).ints(length, 3, vocab).toArray()));
    }
    return all;
  }

  private static List<TokenIds> tokens(List<Completion> completions) {
    return completions.stream().map(Completion::tokens).toList();
  }

  private float[] bigram() throws IOException {
    int vocab = 5;
    float[] table = new float[vocab * vocab];
    Random random = new Random(1);
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) random.nextGaussian();
    }
    Ops ops = new Ops(Graph.portable());
    Shape columns = Shape.of(Dim.symbol("batch"), Dim.symbol("seq"));
    Value ids = ops.graph().input("input_ids", ElementType.INT64, columns);
    ops.graph().input("attention_mask", ElementType.INT64, columns);
    Value rows = ops.graph().parameter("table", Shape.of(vocab, vocab), false);
    ops.graph().output("logits", ops.embed(rows, ids));
    OnnxFile file =
        OnnxFile.of(
            ops.graph(),
            Map.of(),
            Map.of(),
            List.of(
                new StoredTensor(
                    "table", new long[] {vocab, vocab}, java.nio.FloatBuffer.wrap(table))));
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.onnx"))) {
      file.write(Channels.newChannel(out));
    }
    Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"bigram\"}");
    return table;
  }

  private static double logProb(float[] table, int token, int next) {
    double sum = 0;
    for (int v = 0; v < 5; v++) {
      sum += Math.exp(table[5 * token + v]);
    }
    return table[5 * token + next] - Math.log(sum);
  }

  private static int argmax(float[] table, int token) {
    int best = 0;
    for (int v = 1; v < 5; v++) {
      if (table[5 * token + v] > table[5 * token + best]) {
        best = v;
      }
    }
    return best;
  }

  private void refused(byte[] good, Consumer<Onnx.GraphProto.Builder> change, String message)
      throws IOException {
    Files.write(folder.resolve("model.onnx"), good);
    rewrite(change);
    assertThatThrownBy(() -> OnnxLanguageModel.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("model.onnx");
  }

  private void rewrite(Consumer<Onnx.GraphProto.Builder> change) throws IOException {
    OnnxEdits.rewrite(folder.resolve("model.onnx"), change);
  }

  private static void toHalf(Onnx.GraphProto.Builder graph) {
    int half = Onnx.TensorProto.DataType.FLOAT16_VALUE;
    graph.getInputList().stream()
        .map(Onnx.ValueInfoProto::getName)
        .filter(n -> n.startsWith("past"))
        .forEach(n -> OnnxEdits.castInput(graph, n, half));
    graph.getOutputList().stream()
        .map(Onnx.ValueInfoProto::getName)
        .forEach(n -> OnnxEdits.castOutput(graph, n, half));
    OnnxEdits.castInput(graph, "input_ids", Onnx.TensorProto.DataType.INT32_VALUE);
  }

  /** The flag must say whether there is a past, or no logit is a number. */
  private static void branching(Onnx.GraphProto.Builder graph) {
    graph.addInput(
        Onnx.ValueInfoProto.newBuilder()
            .setName("use_cache_branch")
            .setType(
                Onnx.TypeProto.newBuilder()
                    .setTensorType(
                        Onnx.TypeProto.Tensor.newBuilder()
                            .setElemType(Onnx.TensorProto.DataType.BOOL_VALUE)
                            .setShape(
                                Onnx.TensorShapeProto.newBuilder()
                                    .addDim(
                                        Onnx.TensorShapeProto.Dimension.newBuilder()
                                            .setDimValue(1))))));
    graph.addInitializer(OnnxEdits.longs("b.two", 2));
    graph.addInitializer(OnnxEdits.longs("b.zero", 0));
    graph.addInitializer(
        Onnx.TensorProto.newBuilder()
            .setName("b.nan")
            .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .addDims(1)
            .addFloatData(Float.NaN));
    OnnxEdits.renameInside(graph, "logits", "b.logits");
    graph.addNode(OnnxEdits.node("Shape", "b.shape", "past_key_values.0.key"));
    graph.addNode(OnnxEdits.node("Gather", "b.past", "b.shape", "b.two"));
    graph.addNode(OnnxEdits.node("Greater", "b.later", "b.past", "b.zero"));
    graph.addNode(OnnxEdits.node("Equal", "b.right", "b.later", "use_cache_branch"));
    graph.addNode(OnnxEdits.node("Where", "logits", "b.right", "b.logits", "b.nan"));
  }

  private static void lastLogitsOnly(Onnx.GraphProto.Builder graph) {
    graph.addInitializer(OnnxEdits.longs("l.start", -1));
    graph.addInitializer(OnnxEdits.longs("l.end", Long.MAX_VALUE));
    graph.addInitializer(OnnxEdits.longs("l.axis", 1));
    OnnxEdits.renameInside(graph, "logits", "l.logits");
    graph.addNode(OnnxEdits.node("Slice", "logits", "l.logits", "l.start", "l.end", "l.axis"));
    graph.getOutputBuilderList().stream()
        .filter(o -> o.getName().equals("logits"))
        .forEach(
            o ->
                o.getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .setDim(1, Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam("last")));
  }
}
