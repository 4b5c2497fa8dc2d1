package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores of whole sequences, and their folders in Hugging Face's layout. */
class SequenceClassifierTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CancellationToken NONE = CancellationToken.none();

  private static JsonNode config(Path folder) throws Exception {
    return JSON.readTree(Files.readString(folder.resolve("config.json")));
  }

  private static TokenIds ids(JsonNode node) {
    int[] ids = new int[node.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = node.get(i).intValue();
    }
    return TokenIds.of(ids);
  }

  /** Rows of the output head: their scores are the logits of those tokens. */
  private static WeightTensor headRows(DecoderModel model, int from, int count) {
    WeightTensor head = model.weights().get(model.architecture().names().head());
    int width = (int) head.shape()[1];
    float[] rows = new float[count * width];
    head.data().position(from * width).get(rows);
    return WeightTensor.of("any name", new long[] {count, width}, rows);
  }

  private static void equal(List<float[]> actual, List<float[]> expected, float tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).containsExactly(expected.get(i), within(tolerance));
    }
  }

  /**
   * A classifier whose head is some rows of the output head gives logits, which transformers has
   * computed.
   */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void scoresAreTheLogitsThatTransformersComputes(String name, @TempDir Path folder)
      throws Exception {
    Path reference = SharedFiles.require("fixtures/models/" + name);
    JsonNode expected = JSON.readTree(Files.readString(reference.resolve("expected.json")));
    TokenIds first = ids(expected.get("prompt0"));
    TokenIds second = ids(expected.get("prompt1"));
    int from = 17;
    int labels = 3;
    try (DecoderModel model = DecoderModel.load(reference, TestModels.CPU);
        SequenceClassifier classifier =
            SequenceClassifier.of(model, headRows(model, from, labels));
        SafetensorsFile logits =
            SafetensorsFile.open(reference.resolve("expected_logits.safetensors"))) {
      List<float[]> scores = classifier.scores(List.of(first, second), NONE);
      for (int i = 0; i < 2; i++) {
        TokenIds ids = i == 0 ? first : second;
        FloatBuffer all = logits.read("logits.prompt" + i).data();
        int vocab = model.architecture().config().vocabSize();
        float[] wanted = new float[labels];
        all.position((ids.size() - 1) * vocab + from).get(wanted);
        assertThat(scores.get(i)).containsExactly(wanted, within(1e-4f));
      }
      classifier.save(folder.resolve("saved"));
      try (SequenceClassifier again =
          SequenceClassifier.load(folder.resolve("saved"), TestModels.CPU)) {
        equal(again.scores(List.of(first, second), NONE), scores, 0);
        assertThat(again.id()).isEqualTo(classifier.id());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2-tiny, GPT2ForSequenceClassification, transformer.wte.weight",
    "llama-tiny, LlamaForSequenceClassification, model.embed_tokens.weight",
    "neox-tiny, GPTNeoXForSequenceClassification, gpt_neox.embed_in.weight",
    "qwen2-tiny, Qwen2ForSequenceClassification, model.embed_tokens.weight"
  })
  void foldersAreLaidOutAsTransformersDoes(
      String name, String type, String embedding, @TempDir Path folder) throws Exception {
    Path reference = SharedFiles.require("fixtures/models/" + name);
    Path saved = folder.resolve("saved");
    try (DecoderModel model = DecoderModel.load(reference, TestModels.CPU);
        SequenceClassifier classifier = SequenceClassifier.of(model, headRows(model, 3, 1))) {
      classifier.save(saved);
    }
    JsonNode config = config(saved);
    assertThat(config.get("architectures")).isEqualTo(JSON.readTree("[\"" + type + "\"]"));
    assertThat(config.get("id2label")).isEqualTo(JSON.readTree("{\"0\": \"LABEL_0\"}"));
    assertThat(config.get("label2id")).isEqualTo(JSON.readTree("{\"LABEL_0\": 0}"));
    assertThat(config.get("model_type")).isEqualTo(config(reference).get("model_type"));
    Weights weights = CheckpointFolder.open(saved).weights();
    assertThat(weights.get("score.weight").shape()).containsExactly(1, 64);
    assertThat(weights.contains(embedding)).isTrue();
    assertThat(weights.names()).doesNotContain("lm_head.weight", "embed_out.weight");
    assertThatThrownBy(() -> DecoderModel.load(saved, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("load it as SequenceClassifier")
        .hasMessageContaining("config.json");
    assertThatThrownBy(() -> SequenceClassifier.load(reference, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("load a language model as DecoderModel");
  }

  private static final Architecture SMALL = TestModels.SMALL;

  private static WeightTensor smallHead() {
    return InitialWeights.matrix("head", 1, 32, 0.5, 3);
  }

  private static List<TokenIds> sequences(int count) {
    SplittableRandom random = new SplittableRandom(11);
    List<TokenIds> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(TokenIds.of(random.ints(1 + random.nextInt(40), 3, 120).toArray()));
    }
    return sequences;
  }

  @Test
  void theBatchChangesNothing() {
    try (DecoderModel model = TestModels.small();
        SequenceClassifier classifier = SequenceClassifier.of(model, smallHead())) {
      List<TokenIds> sequences = sequences(300);
      List<float[]> together = classifier.scores(sequences, NONE);
      List<float[]> alone = new ArrayList<>();
      sequences.forEach(s -> alone.add(classifier.scores(List.of(s), NONE).get(0)));
      equal(together, alone, 1e-5f);
      assertThat(together.stream().mapToDouble(s -> s[0]).distinct().count()).isGreaterThan(250);
      assertThat(classifier.scores(List.of(), NONE)).isEmpty();
    }
  }

  @Test
  void paddingAfterTheEndIsNotRead(@TempDir Path folder) throws Exception {
    Path saved = folder.resolve("saved");
    try (DecoderModel model = TestModels.small();
        SequenceClassifier classifier = SequenceClassifier.of(model, smallHead())) {
      classifier.save(saved);
      assertThat(config(saved).has("pad_token_id")).isFalse();
      ObjectNode padded = (ObjectNode) config(saved);
      padded.put("pad_token_id", 9);
      Files.writeString(saved.resolve("config.json"), padded.toString());
      TokenIds ids = TokenIds.of(1, 5, 6);
      TokenIds longer = TokenIds.of(1, 5, 6, 9, 9);
      float end = classifier.scores(List.of(longer), NONE).get(0)[0];
      float wanted = classifier.scores(List.of(ids), NONE).get(0)[0];
      assertThat(end).isNotCloseTo(wanted, within(1e-3f));
      try (SequenceClassifier skipping = SequenceClassifier.load(saved, TestModels.CPU)) {
        assertThat(skipping.scores(List.of(longer), NONE).get(0)[0])
            .isCloseTo(wanted, within(1e-5f));
        assertThat(skipping.id()).isNotEqualTo(classifier.id());
      }
    }
  }

  /** Hugging Face would skip the end token itself if it were the padding token. */
  @Test
  void theEndTokenIsNeverSavedAsPadding() {
    try (DecoderModel model =
            DecoderModel.of(
                LlamaConfigs.json(SMALL.config()).with("pad_token_id", 2),
                InitialWeights.create(SMALL, 5),
                null,
                TestModels.CPU);
        SequenceClassifier classifier = SequenceClassifier.of(model, smallHead())) {
      assertThat(model.eosTokenIds()).containsExactly(2);
      assertThat(classifier.config().has("pad_token_id")).isFalse();
    }
  }

  @Test
  void damagedFoldersAndBadInputAreNamed(@TempDir Path folder) throws Exception {
    Path saved = folder.resolve("saved");
    try (DecoderModel model = TestModels.small();
        SequenceClassifier classifier = SequenceClassifier.of(model, smallHead())) {
      classifier.save(saved);
      assertThatThrownBy(() -> classifier.scores(List.of(TokenIds.of(1), TokenIds.empty()), NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sequences[1] must have from 1 to 48 tokens");
      assertThatThrownBy(() -> classifier.scores(List.of(TokenIds.of(1, 120)), NONE))
          .hasMessageContaining("below the vocabulary's 120 but token 1 was 120");
      assertThatThrownBy(
              () ->
                  SequenceClassifier.of(
                      model, WeightTensor.of("head", new long[] {1, 31}, new float[31])))
          .hasMessageContaining("must have the shape [labels, 32] but has [1, 31]");
      assertThatThrownBy(
              () -> classifier.with(classifier.weights().select(List.of("score.weight")), null))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model.embed_tokens.weight");
      assertThatThrownBy(classifier::tokenizer).isInstanceOf(IllegalStateException.class);
    }
    ObjectNode config = (ObjectNode) config(saved);
    config.set("id2label", JSON.valueToTree(Map.of("0", "A", "1", "B")));
    Files.writeString(saved.resolve("config.json"), config.toString());
    assertThatThrownBy(() -> SequenceClassifier.load(saved, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'score.weight' expected [2, 32], found [1, 32]");
  }

  /** Hugging Face reads a head beside the bare names of a headless model as a corrupt file. */
  @Test
  void bareNamesGainThePrefixOfTheirFamily() {
    List<WeightTensor> bare = new ArrayList<>();
    for (WeightTensor w : InitialWeights.create(SMALL, 5).tensors()) {
      bare.add(new WeightTensor(w.name().replace("model.", ""), w.shape(), w.data()));
    }
    try (DecoderModel model = TestModels.small();
        DecoderModel headless =
            DecoderModel.of(
                LlamaConfigs.json(SMALL.config()), Weights.of(bare), null, TestModels.CPU);
        SequenceClassifier expected = SequenceClassifier.of(model, smallHead());
        SequenceClassifier actual = SequenceClassifier.of(headless, smallHead())) {
      assertThat(headless.weights().contains("embed_tokens.weight")).isTrue();
      assertThat(actual.weights().names()).isEqualTo(expected.weights().names());
      assertThat(actual.id()).isEqualTo(expected.id());
    }
  }

  @Test
  void theBaseMayBeClosedFirst() {
    DecoderModel model = TestModels.small();
    SequenceClassifier classifier = SequenceClassifier.of(model, smallHead());
    model.close();
    assertThat(classifier.scores(List.of(TokenIds.of(4, 5)), NONE).get(0)[0]).isFinite();
    classifier.close();
    classifier.close();
    assertThatThrownBy(() -> classifier.scores(List.of(TokenIds.of(4)), NONE))
        .isInstanceOf(IllegalStateException.class);
  }
}
