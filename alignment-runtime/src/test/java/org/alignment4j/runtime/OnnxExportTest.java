package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.TensorInfo;
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
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported decoders in ONNX Runtime alone, against this engine's logits. */
class OnnxExportTest {

  private static final String CASES = "org.alignment4j.runtime.ExportedFamilies#cases";
  private static final int[] LENGTHS = {3, 17, 9};
  private static final int STEPS = 5;

  @TempDir Path folder;

  @Test
  void everyFamilyHasACase() {
    assertThat(ExportedFamilies.families())
        .containsExactlyInAnyOrderElementsOf(DecoderFamilies.modelTypes());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void promptsPaddedOnTheLeftAndSteps(String name, ConfigJson config, Weights weights)
      throws Exception {
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      model.exportOnnx(folder);
      List<int[]> whole = sequences(model);
      ForwardResult expected = forward(model, whole);
      try (PlainOnnx plain = new PlainOnnx(folder.resolve("model.onnx"))) {
        plain.reset(LENGTHS.length);
        int longest = Arrays.stream(LENGTHS).max().orElseThrow();
        long[][] ids = new long[LENGTHS.length][longest];
        long[][] marks = new long[LENGTHS.length][longest];
        for (int b = 0; b < LENGTHS.length; b++) {
          for (int t = 0; t < LENGTHS[b]; t++) {
            ids[b][longest - LENGTHS[b] + t] = whole.get(b)[t];
            marks[b][longest - LENGTHS[b] + t] = 1;
          }
        }
        float[][][] logits = plain.read(ids, marks);
        for (int b = 0; b < LENGTHS.length; b++) {
          for (int t = 0; t < LENGTHS[b]; t++) {
            close(logits[b][longest - LENGTHS[b] + t], expected.logits(b, t), b, t);
          }
        }
        for (int s = 0; s < STEPS; s++) {
          long[][] next = new long[LENGTHS.length][1];
          for (int b = 0; b < LENGTHS.length; b++) {
            next[b][0] = whole.get(b)[LENGTHS[b] + s];
            marks[b] = Arrays.copyOf(marks[b], marks[b].length + 1);
            marks[b][marks[b].length - 1] = 1;
          }
          logits = plain.read(next, marks);
          for (int b = 0; b < LENGTHS.length; b++) {
            close(logits[b][0], expected.logits(b, LENGTHS[b] + s), b, LENGTHS[b] + s);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void wholePromptsAndPromptsInPieces(String name, ConfigJson config, Weights weights)
      throws Exception {
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      model.exportOnnx(folder, OnnxExportOptions.defaults().externalData(true));
      assertThat(folder.resolve("model.onnx_data")).exists();
      int[] tokens = sequences(model).get(1);
      ForwardResult expected = forward(model, List.of(tokens));
      try (PlainOnnx plain = new PlainOnnx(folder.resolve("model.onnx"))) {
        for (int piece : new int[] {tokens.length, 4, 1}) {
          plain.reset(1);
          for (int from = 0; from < tokens.length; from += piece) {
            int to = Math.min(tokens.length, from + piece);
            long[] marks = new long[to];
            Arrays.fill(marks, 1);
            long[] ids = Arrays.stream(tokens, from, to).asLongStream().toArray();
            float[][][] logits = plain.read(new long[][] {ids}, new long[][] {marks});
            for (int t = from; t < to; t++) {
              close(logits[0][t - from], expected.logits(0, t), 0, t);
            }
          }
        }
      }
    }
  }

  @Test
  void namesShapesAndOperators() throws Exception {
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
    }
    byte[] bytes = Files.readAllBytes(folder.resolve("model.onnx"));
    onnx.Onnx.ModelProto proto = onnx.Onnx.ModelProto.parseFrom(bytes);
    assertThat(proto.getUnknownFields().asMap()).isEmpty();
    assertThat(proto.getOpsetImportList()).hasSize(1);
    assertThat(proto.getOpsetImport(0).getDomain()).isEmpty();
    Set<String> domains = new HashSet<>();
    proto.getGraph().getNodeList().forEach(n -> domains.add(n.getDomain()));
    assertThat(domains).containsExactly("");
    try (PlainOnnx plain = new PlainOnnx(folder.resolve("model.onnx"))) {
      assertThat(plain.session().getInputNames())
          .containsExactlyInAnyOrder(
              "input_ids",
              "attention_mask",
              "position_ids",
              "past_key_values.0.key",
              "past_key_values.0.value",
              "past_key_values.1.key",
              "past_key_values.1.value");
      assertThat(plain.session().getOutputNames())
          .containsExactlyInAnyOrder(
              "logits", "present.0.key", "present.0.value", "present.1.key", "present.1.value");
      TensorInfo past =
          (TensorInfo) plain.session().getInputInfo().get("past_key_values.0.key").getInfo();
      assertThat(past.getShape()).containsExactly(-1, 2, -1, 8);
      assertThat(past.getDimensionNames())
          .containsExactly("batch_size", "", "past_sequence_length", "");
    }
  }

  @Test
  void anAdapterIsAddedToTheWeightsAndEditsStay() throws Exception {
    try (DecoderModel base = TestModels.small();
        DecoderModel edited = base.edit("model.norm.weight", OnnxExportTest::doubled);
        DecoderModel adapted = edited.withAdapter(adapter(base))) {
      int[] tokens = sequences(base).get(1);
      long[][] ids = {Arrays.stream(tokens).asLongStream().toArray()};
      long[][] marks = new long[1][tokens.length];
      Arrays.fill(marks[0], 1);
      for (DecoderModel model : List.of(base, edited, adapted)) {
        // Into the same folder: what was there is replaced.
        model.exportOnnx(folder);
        ForwardResult expected = forward(model, List.of(tokens));
        try (PlainOnnx plain = new PlainOnnx(folder.resolve("model.onnx"))) {
          plain.reset(1);
          close(plain.read(ids, marks)[0][7], expected.logits(0, 7), 0, 7);
        }
      }
      assertThat(forward(adapted, List.of(tokens)).logits(0, 7))
          .isNotEqualTo(forward(edited, List.of(tokens)).logits(0, 7));
    }
  }

  private static float[] doubled(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= 2;
    }
    return values;
  }

  private static LoraAdapter adapter(DecoderModel model) {
    LoraAdapter start =
        ((Trainable.Adapter) Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3)))
            .start();
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
    return new LoraAdapter(start.config(), filled);
  }

  private static List<int[]> sequences(DecoderModel model) {
    int vocab = model.architecture().config().vocabSize();
    List<int[]> all = new ArrayList<>();
    for (int b = 0; b < LENGTHS.length; b++) {
      all.add(new Random(b).ints(LENGTHS[b] + STEPS, 3, vocab).toArray());
    }
    return all;
  }

  private static ForwardResult forward(DecoderModel model, List<int[]> sequences) {
    return model.forward(sequences.stream().map(TokenIds::of).toList()).execute();
  }

  private static void close(float[] actual, float[] expected, int row, int position) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i])
          .as("row %d, position %d, token %d", row, position, i)
          .isCloseTo(expected[i], within(1e-5f));
    }
  }
}
