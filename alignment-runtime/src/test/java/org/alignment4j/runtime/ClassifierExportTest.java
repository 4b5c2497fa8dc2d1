package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TextClassification;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported classifiers in ONNX Runtime alone and in this library, against the original. */
class ClassifierExportTest {

  private static final String CASES = "org.alignment4j.runtime.ExportedFamilies#cases";
  private static final CancellationToken NONE = CancellationToken.none();
  private static final int[] LENGTHS = {3, 17, 1, 9};
  private static final int PAD = 9;
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  private static SequenceClassifier classifier(ConfigJson config, Weights weights, int labels) {
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      int width = model.architecture().config().embeddingSize();
      return SequenceClassifier.of(model, InitialWeights.matrix("head", labels, width, 0.5, 3));
    }
  }

  private static List<TokenIds> sequences() {
    List<TokenIds> all = new ArrayList<>();
    for (int length : LENGTHS) {
      all.add(TokenIds.of(RotaryFamilies.tokens(length, length, RotaryFamilies.VOCAB)));
    }
    return all;
  }

  /** Logits by ONNX Runtime, of one batch. */
  private static float[][] plain(Path file, List<TokenIds> sequences, boolean left)
      throws OrtException {
    int longest = sequences.stream().mapToInt(TokenIds::size).max().orElseThrow();
    long[][] ids = new long[sequences.size()][longest];
    long[][] marks = new long[sequences.size()][longest];
    for (int b = 0; b < ids.length; b++) {
      int from = left ? longest - sequences.get(b).size() : 0;
      for (int t = 0; t < sequences.get(b).size(); t++) {
        ids[b][from + t] = sequences.get(b).get(t);
        marks[b][from + t] = 1;
      }
    }
    OrtRuntime.create(DevicePolicy.CPU);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor tokens = OnnxTensor.createTensor(environment, ids);
        OnnxTensor mask = OnnxTensor.createTensor(environment, marks);
        OrtSession.Result result =
            session.run(Map.of("input_ids", tokens, "attention_mask", mask))) {
      return (float[][]) result.get("logits").orElseThrow().getValue();
    }
  }

  private static void close(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double tolerance = TOLERANCE * Math.max(1, Math.abs(expected[i]));
      assertThat((double) found[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  private void sameOnBothSides(SequenceClassifier classifier, List<TokenIds> sequences)
      throws OrtException {
    List<float[]> expected = classifier.scores(sequences, NONE);
    for (boolean left : new boolean[] {false, true}) {
      float[][] found = plain(folder.resolve("model.onnx"), sequences, left);
      for (int i = 0; i < found.length; i++) {
        close(found[i], expected.get(i));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void paddingOnEitherSide(String name, ConfigJson config, Weights weights) throws Exception {
    try (SequenceClassifier classifier = classifier(config, weights, 3)) {
      classifier.exportOnnx(folder);
      sameOnBothSides(classifier, sequences());
    }
  }

  /** The classifier reads past padding tokens at the end, marked or not. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void paddingTokensWithinTheMask(String name, ConfigJson config, Weights weights)
      throws Exception {
    try (SequenceClassifier classifier = classifier(config.with("pad_token_id", PAD), weights, 2)) {
      classifier.exportOnnx(folder);
      List<TokenIds> sequences =
          List.of(
              TokenIds.of(5, 6, PAD, PAD),
              TokenIds.of(PAD, 7, 8, PAD, 11, 12, PAD),
              TokenIds.of(PAD, PAD, PAD),
              TokenIds.of(5, 6));
      assertThat(classifier.scores(sequences, NONE).get(0))
          .isNotEqualTo(classifier.scores(List.of(TokenIds.of(5, 6, 8, 8)), NONE).get(0));
      sameOnBothSides(classifier, sequences);
    }
  }

  @Test
  void theFileIsOptimumsAndOfStandardOperators() throws Exception {
    try (SequenceClassifier classifier =
        classifier(config("gpt2"), RandomModels.weights(config("gpt2"), 0.2), 4)) {
      classifier.exportOnnx(folder, OnnxExportOptions.defaults().externalData(true));
    }
    assertThat(folder.resolve("model.onnx_data")).exists();
    Onnx.ModelProto model =
        Onnx.ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx")));
    assertThat(model.getOpsetImportList())
        .allSatisfy(opset -> assertThat(opset.getDomain()).isEmpty());
    assertThat(model.getGraph().getNodeList())
        .allSatisfy(node -> assertThat(node.getDomain()).isEmpty());
    OrtRuntime.create(DevicePolicy.CPU);
    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(folder.resolve("model.onnx").toString())) {
      assertThat(session.getInputNames()).containsExactly("input_ids", "attention_mask");
      assertThat(session.getOutputNames()).containsExactly("logits");
      for (NodeInfo input : session.getInputInfo().values()) {
        assertThat(((TensorInfo) input.getInfo()).getDimensionNames())
            .containsExactly("batch_size", "sequence_length");
      }
      TensorInfo logits = (TensorInfo) session.getOutputInfo().get("logits").getInfo();
      assertThat(logits.getShape()).containsExactly(-1, 4);
      assertThat(logits.getDimensionNames()[0]).isEqualTo("batch_size");
    }
    ConfigJson config = ConfigJson.read(folder.resolve("config.json"));
    assertThat(config.strings("architectures")).containsExactly("GPT2ForSequenceClassification");
  }

  private static ConfigJson config(String family) {
    return family.equals("gpt2")
        ? RandomModels.config(RandomModels.gpt2(43, 32, 4, 2, 64))
        : RandomModels.config(
            Map.of(
                "model_type",
                family,
                "vocab_size",
                43,
                "hidden_size",
                32,
                "num_attention_heads",
                4,
                "num_hidden_layers",
                2,
                "intermediate_size",
                40,
                "max_position_embeddings",
                64));
  }

  @Test
  void thisLibraryReadsTheFolder() throws Exception {
    Path tiny = Files.createDirectory(folder.resolve("tiny"));
    new TinyClassifier(1, false, false).write(tiny, "{}");
    Path tokenizer = tiny.resolve("tokenizer.json");
    ConfigJson config = config("llama").with("pad_token_id", 0);
    List<String> texts = List.of("the cat sat", "mat", "a bad cat on");
    List<TokenIds> ids =
        List.of(TokenIds.of(2, 4, 5, 6, 3), TokenIds.of(2, 9, 3), TokenIds.of(2, 8, 10, 5, 7, 3));
    try (SequenceClassifier classifier =
        classifier(config, RotaryFamilies.weights(config, 0.25), 2)) {
      Path exported = folder.resolve("labels");
      classifier.exportOnnx(exported);
      Files.copy(tokenizer, exported.resolve("tokenizer.json"));
      List<float[]> expected = classifier.scores(ids, NONE);
      try (OnnxTextClassifier again = OnnxTextClassifier.load(exported, TestModels.CPU)) {
        assertThat(again.labels()).containsExactly("LABEL_0", "LABEL_1");
        List<TextClassification> found = again.classify(texts, NONE);
        for (int i = 0; i < found.size(); i++) {
          double odds = Math.exp((double) expected.get(i)[1] - expected.get(i)[0]);
          assertThat(found.get(i).score("LABEL_1")).isCloseTo(odds / (1 + odds), within(TOLERANCE));
        }
      }
    }
    try (SequenceClassifier classifier =
        classifier(config, RotaryFamilies.weights(config, 0.25), 1)) {
      Path exported = folder.resolve("reward");
      classifier.exportOnnx(exported);
      Files.copy(tokenizer, exported.resolve("tokenizer.json"));
      float[] expected = classifier.scores(List.of(TokenIds.of(2, 4, 5, 3, 6, 7, 3)), NONE).get(0);
      try (OnnxRewardModel again = OnnxRewardModel.load(exported, TestModels.CPU)) {
        double reward =
            again
                .score(List.of(new PromptCompletion(Prompt.text("the cat"), "sat on")), NONE)
                .get(0)
                .value();
        assertThat(reward).isCloseTo(expected[0], within(TOLERANCE));
      }
    }
  }

  @Test
  void adaptersAreAdded() throws Exception {
    ConfigJson config = config("llama");
    Weights weights = RotaryFamilies.weights(config, 0.25);
    try (SequenceClassifier classifier = classifier(config, weights, 1)) {
      LoraAdapter start =
          ((Trainable.Adapter)
                  Trainable.adapter(classifier.weights(), classifier.architecture(), Lora.rank(2)))
              .start();
      Map<String, LoraMatrices> filled = new java.util.LinkedHashMap<>();
      start
          .matrices()
          .forEach(
              (weight, pair) -> {
                float[] b = new float[pair.b().size()];
                Arrays.fill(b, 0.2f);
                filled.put(
                    weight,
                    new LoraMatrices(
                        pair.a(), WeightTensor.of(pair.b().name(), pair.b().shape(), b)));
              });
      try (SequenceClassifier adapted =
          classifier.with(classifier.weights(), new LoraAdapter(start.config(), filled))) {
        adapted.exportOnnx(folder);
        sameOnBothSides(adapted, sequences());
        float plain = classifier.scores(sequences(), NONE).get(1)[0];
        assertThat(adapted.scores(sequences(), NONE).get(1)[0]).isNotCloseTo(plain, within(1e-2f));
      }
    }
  }

  @Test
  void quantisedAndClosedClassifiersAreRefused() {
    ConfigJson config = config("llama");
    SequenceClassifier classifier = classifier(config, RotaryFamilies.weights(config, 0.25), 1);
    classifier.save(folder.resolve("saved"));
    classifier.close();
    assertThatThrownBy(() -> classifier.exportOnnx(folder.resolve("closed")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    try (SequenceClassifier quantised =
        SequenceClassifier.load(
            folder.resolve("saved"), TestModels.CPU.quantised(Quantisation.int8(32)))) {
      assertThatThrownBy(() -> quantised.exportOnnx(folder.resolve("quantised")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("load it without a quantisation");
    }
    assertThat(folder.resolve("quantised")).doesNotExist();
  }
}
