package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import onnx.Onnx;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TextClassification;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.runtime.graph.Dim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classifiers and reward models of ONNX files, against the formula in float64. */
class OnnxTextClassifierTest {

  private static final String THREE =
      "{\"vocab_size\": 11, \"pad_token_id\": 0, \"id2label\": {\"0\": \"calm\", \"1\": \"glad\","
          + " \"2\": \"sad\"}, \"max_position_embeddings\": 32, \"problem_type\": %s}";
  private static final String ONE = "{\"num_labels\": 1, \"pad_token_id\": 0}";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void probabilitiesOfRaggedTexts(boolean typed, boolean numbered) throws IOException {
    TinyClassifier tiny = new TinyClassifier(3, typed, numbered);
    tiny.write(folder, THREE.formatted("null"));
    try (OnnxTextClassifier model = OnnxTextClassifier.load(folder, TestModels.CPU)) {
      List<TextClassification> all =
          model.classify(List.of("the cat sat", "mat", "a bad cat on"), CancellationToken.none());
      softmax(tiny.logits(new int[] {2, 4, 5, 6, 3}, new long[5]), all.get(0));
      softmax(tiny.logits(new int[] {2, 9, 3}, new long[3]), all.get(1));
      softmax(tiny.logits(new int[] {2, 8, 10, 5, 7, 3}, new long[6]), all.get(2));
      assertThat(all.get(0).labels()).containsExactly("calm", "glad", "sad");
      assertThat(all.get(0).score(all.get(0).label()))
          .isEqualTo(Collections.max(all.get(0).scores()));
      assertThat(model.classify(List.of(), CancellationToken.none())).isEmpty();
    }
  }

  private static void softmax(double[] logits, TextClassification found) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    for (int i = 0; i < logits.length; i++) {
      assertThat(found.scores().get(i)).isCloseTo(Math.exp(logits[i]) / sum, within(1e-6));
    }
    assertThat(found.truncatedTokens()).isZero();
  }

  @Test
  void severalLabelsAndRegressions() throws IOException {
    TinyClassifier tiny = new TinyClassifier(3, true, false);
    double[] logits = tiny.logits(new int[] {2, 5, 3}, new long[3]);
    tiny.write(folder, THREE.formatted("\"multi_label_classification\""));
    try (OnnxTextClassifier model = OnnxTextClassifier.load(folder, TestModels.CPU)) {
      assertThat(model.classify("cat").score("glad"))
          .isCloseTo(1 / (1 + Math.exp(-logits[1])), within(1e-6));
    }
    tiny.write(folder, THREE.formatted("\"regression\""));
    try (OnnxTextClassifier model = OnnxTextClassifier.load(folder, TestModels.CPU)) {
      assertThat(model.classify("cat").score("sad")).isCloseTo(logits[2], within(1e-6));
      assertThatThrownBy(() -> model.classify("cat").score("angry"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("angry");
    }
    tiny.write(folder, THREE.formatted("\"ranking\""));
    assertThatThrownBy(() -> OnnxTextClassifier.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("problem_type")
        .hasMessageContaining("ranking");
  }

  @Test
  void longTextsLoseTheirEndButNotTheirSpecialTokens() throws IOException {
    TinyClassifier tiny = new TinyClassifier(3, true, true);
    tiny.write(folder, THREE.formatted("null"));
    try (OnnxTextClassifier model = OnnxTextClassifier.load(folder, TestModels.CPU)) {
      assertThat(model.maxTokens()).isEqualTo(9);
      TextClassification found = model.classify("the cat sat on a mat the cat sat on a mat bad");
      int[] kept = {2, 4, 5, 6, 7, 8, 9, 4, 3};
      double[] logits = tiny.logits(kept, new long[9]);
      double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
      assertThat(found.score("calm")).isCloseTo(Math.exp(logits[0]) / sum, within(1e-6));
      assertThat(found.truncatedTokens()).isEqualTo(6);
    }
  }

  /** Exports of a fixed shape get rows and columns they do not need. */
  @Test
  void fixedShapes() throws IOException {
    TinyClassifier tiny = new TinyClassifier(3, true, true);
    tiny.write(folder, THREE.formatted("null"), Dim.of(2), Dim.of(7));
    try (OnnxTextClassifier model = OnnxTextClassifier.load(folder, TestModels.CPU)) {
      assertThat(model.maxTokens()).isEqualTo(7);
      List<TextClassification> all =
          model.classify(List.of("the cat sat", "mat", "a bad cat on"), CancellationToken.none());
      softmax(tiny.logits(new int[] {2, 4, 5, 6, 3}, new long[5]), all.get(0));
      softmax(tiny.logits(new int[] {2, 9, 3}, new long[3]), all.get(1));
      softmax(tiny.logits(new int[] {2, 8, 10, 5, 7, 3}, new long[6]), all.get(2));
    }
  }

  @Test
  void halfPrecisionLogitsAndNarrowIds() throws IOException {
    TinyClassifier tiny = new TinyClassifier(3, true, false);
    tiny.write(folder, THREE.formatted("\"regression\""));
    OnnxEdits.rewrite(
        folder.resolve("model.onnx"),
        graph -> {
          OnnxEdits.castOutput(graph, "logits", Onnx.TensorProto.DataType.FLOAT16_VALUE);
          OnnxEdits.castInput(graph, "input_ids", Onnx.TensorProto.DataType.INT32_VALUE);
        });
    try (OnnxTextClassifier model = OnnxTextClassifier.load(folder, TestModels.CPU)) {
      double expected = tiny.logits(new int[] {2, 5, 3}, new long[3])[0];
      assertThat(model.classify("cat").score("calm")).isCloseTo(expected, within(2e-3));
    }
  }

  @Test
  void rewardsOfPairsAndOfJoinedTexts() throws IOException {
    TinyClassifier tiny = new TinyClassifier(1, true, true);
    tiny.write(folder, ONE);
    List<PromptCompletion> answers =
        List.of(
            new PromptCompletion(Prompt.text("the cat"), "sat"),
            new PromptCompletion(Prompt.chat(Message.user("mat")), "on a mat"));
    try (OnnxRewardModel model = OnnxRewardModel.load(folder, TestModels.CPU)) {
      assertThat(model.form()).isEqualTo(OnnxRewardModel.Form.PAIR);
      List<Reward> rewards = model.score(answers);
      reward(tiny, new int[] {2, 4, 5, 3, 6, 3}, new long[] {0, 0, 0, 0, 1, 1}, rewards.get(0));
      reward(
          tiny, new int[] {2, 9, 3, 7, 8, 9, 3}, new long[] {0, 0, 0, 1, 1, 1, 1}, rewards.get(1));
      assertThatThrownBy(
              () ->
                  model.score(
                      List.of(
                          answers.get(0),
                          new PromptCompletion(
                              Prompt.text("the cat sat on"), "the cat sat on a mat"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("answers[1]")
          .hasMessageContaining("9 tokens");
      assertThat(model.score(List.of())).isEmpty();
      assertThat(model.id()).isNotEqualTo(model.classifier().id());
    }
    OnnxTextClassifier classifier = OnnxTextClassifier.load(folder, TestModels.CPU);
    try (OnnxRewardModel model = OnnxRewardModel.of(classifier, OnnxRewardModel.Form.JOINED)) {
      List<Reward> rewards =
          model.score(List.of(new PromptCompletion(Prompt.text("the cat"), " sat")));
      reward(tiny, new int[] {2, 4, 5, 6}, new long[4], rewards.get(0));
    }
  }

  private static void reward(TinyClassifier tiny, int[] ids, long[] types, Reward found) {
    assertThat(found.value()).isCloseTo(tiny.logits(ids, types)[0], within(1e-6));
  }

  @Test
  void severalLabelsAreNoReward() throws IOException {
    new TinyClassifier(3, true, true).write(folder, THREE.formatted("null"));
    assertThatThrownBy(() -> OnnxRewardModel.load(folder, TestModels.CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("glad");
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    TinyClassifier tiny = new TinyClassifier(3, true, true);
    tiny.write(folder, "{\"num_labels\": 4}");
    refused("id2label");
    tiny.write(folder, "{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"3\": \"c\"}}");
    refused("lacks 2");
    tiny.write(folder, "{\"vocab_size\": 5}");
    refused("tokenizer");
    tiny.write(folder, THREE.formatted("null"));
    OnnxEdits.rewrite(
        folder.resolve("model.onnx"), g -> OnnxEdits.renameInput(g, "token_type_ids", "bbox"));
    refused("bbox");
    tiny.write(folder, THREE.formatted("null"));
    OnnxEdits.rewrite(
        folder.resolve("model.onnx"), g -> OnnxEdits.renameOutput(g, "logits", "probabilities"));
    refused("probabilities");
    tiny.write(folder, THREE.formatted("null"));
    Files.delete(folder.resolve("tokenizer.json"));
    refused("tokenizer.json");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> OnnxTextClassifier.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void notANumberIsAFailure() throws IOException {
    TinyClassifier tiny = new TinyClassifier(1, true, false);
    tiny.write(folder, ONE);
    OnnxEdits.rewrite(
        folder.resolve("model.onnx"),
        graph -> {
          OnnxEdits.renameInside(graph, "logits", "inner");
          graph.addNode(OnnxEdits.node("Sub", "zero", "inner", "inner"));
          graph.addNode(OnnxEdits.node("Div", "logits", "zero", "zero"));
        });
    try (OnnxRewardModel model = OnnxRewardModel.load(folder, TestModels.CPU)) {
      assertThatThrownBy(
              () -> model.score(List.of(new PromptCompletion(Prompt.text("the"), "cat"))))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("answers[0]");
      assertThatThrownBy(() -> model.classifier().classify("cat"))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("texts[0]");
    }
  }
}
