package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.RowGradient;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits and gradients against those of Hugging Face transformers. */
class ReferenceForwardTest {

  private static final float LOGIT_TOLERANCE = 1e-4f;

  private static JsonNode json(String relative) throws Exception {
    return new ObjectMapper().readTree(Files.readString(SharedFiles.require(relative)));
  }

  private static int[] ints(JsonNode node) {
    int[] out = new int[node.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = node.get(i).intValue();
    }
    return out;
  }

  private static GraphModel logits(DecoderFixture model, AttentionKind kind) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(ops, model.architecture, kind, DecoderGraph.Training.none(), Tap.none());
    ops.graph().output("logits", decoder.allLogits(decoder.finalNorm(decoder.residual())));
    return ops.graph().toModel();
  }

  private static void compare(float[] actual, int offset, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[offset + i]).isCloseTo(expected[i], within(LOGIT_TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void logitsOfSingleAndPaddedPrompts(String name) throws Exception {
    JsonNode expected = json("fixtures/models/" + name + "/expected.json");
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name);
        SafetensorsFile file =
            SafetensorsFile.open(
                SharedFiles.require("fixtures/models/" + name + "/expected_logits.safetensors"))) {
      CompiledGraph graph = model.engine.graph("logits", () -> logits(model, AttentionKind.MASKED));
      int[] prompt0 = ints(expected.get("prompt0"));
      int[] prompt1 = ints(expected.get("prompt1"));
      int[] longPrompt = ints(expected.get("long_prompt"));
      int vocab = model.architecture.config().vocabSize();
      TokenBatch batch = TokenBatch.rightPadded(List.of(prompt0, prompt1, longPrompt));
      float[] out = model.run(graph, batch.tensors(model.runtime), Set.of("logits")).get("logits");
      compare(out, 0, DecoderFixture.read(file, "logits.prompt0"));
      compare(out, batch.seq() * vocab, DecoderFixture.read(file, "logits.prompt1"));
      compare(
          out,
          (2 * batch.seq() + longPrompt.length - 8) * vocab,
          DecoderFixture.read(file, "logits.long.last8"));

      Segments packed = new Segments().add(prompt1).add(prompt0);
      TokenBatch row = TokenBatch.of(List.of(packed), packed.length() + 3);
      float[] packedOut =
          model.run(graph, row.tensors(model.runtime), Set.of("logits")).get("logits");
      compare(packedOut, 0, DecoderFixture.read(file, "logits.prompt1"));
      compare(packedOut, prompt1.length * vocab, DecoderFixture.read(file, "logits.prompt0"));

      Segments longerThanTheContext =
          new Segments().add(longPrompt).add(longPrompt).add(longPrompt).add(longPrompt);
      TokenBatch longRow =
          TokenBatch.of(List.of(longerThanTheContext), longerThanTheContext.length());
      float[] longOut =
          model.run(graph, longRow.tensors(model.runtime), Set.of("logits")).get("logits");
      compare(longOut, (longRow.seq() - 8) * vocab, DecoderFixture.read(file, "logits.long.last8"));
    }
  }

  @Test
  void stories260kLogits() throws Exception {
    JsonNode expected = json("models/stories260K/reference_logits.json");
    try (DecoderFixture model = DecoderFixture.load("models/stories260K")) {
      CompiledGraph graph = model.engine.graph("logits", () -> logits(model, AttentionKind.MASKED));
      int[] ids = java.util.Arrays.copyOf(ints(expected.get("greedy_ids_200")), 16);
      float[] out =
          model
              .run(
                  graph,
                  TokenBatch.rightPadded(List.of(ids)).tensors(model.runtime),
                  Set.of("logits"))
              .get("logits");
      for (int t = 0; t < 16; t++) {
        for (int v = 0; v < 512; v++) {
          assertThat(out[t * 512 + v])
              .isCloseTo(
                  expected.get("logits_first16").get(t).get(v).floatValue(),
                  within(LOGIT_TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void gradientsOfEveryParameter(String name) throws Exception {
    JsonNode train = json("fixtures/train/" + name + ".train.json");
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name);
        SafetensorsFile file =
            SafetensorsFile.open(
                SharedFiles.require("fixtures/train/" + name + ".grads.safetensors"))) {
      List<int[]> sequences = new ArrayList<>();
      List<Long> rows = new ArrayList<>();
      List<Long> labels = new ArrayList<>();
      int seq = train.get("input_ids").get(0).size();
      for (int b = 0; b < train.get("input_ids").size(); b++) {
        sequences.add(ints(train.get("input_ids").get(b)));
        for (int t = 1; t < seq; t++) {
          int label = train.get("labels").get(b).get(t).intValue();
          if (label >= 0) {
            rows.add((long) b * seq + t - 1);
            labels.add((long) label);
          }
        }
      }
      int n = rows.size();
      long[] inverse = new long[sequences.size() * seq];
      java.util.Arrays.fill(inverse, n);
      for (int i = 0; i < n; i++) {
        inverse[rows.get(i).intValue()] = i;
      }
      Ops ops = new Ops(new Graph(ElementType.FLOAT));
      DecoderGraph decoder =
          new DecoderGraph(
              ops,
              model.architecture,
              AttentionKind.MASKED,
              new DecoderGraph.Training(p -> true, Set.of(), false),
              Tap.none());
      Value logProbs =
          decoder.labelLogProbs(decoder.finalNorm(decoder.selectRows(decoder.residual(), true)));
      Value loss = ops.scale(ops.sumAll(logProbs), -1.0 / n);
      ops.graph().output("loss", loss);
      Gradients gradients = Gradients.of(ops.graph(), loss);
      List<Value> parameters = ops.graph().inputs().stream().filter(Value::requiresGrad).toList();
      for (Value p : parameters) {
        gradients.dense(p).ifPresent(g -> ops.graph().output("d/" + p.name(), g));
      }
      for (int i = 0; i < gradients.rows().size(); i++) {
        ops.graph().output("ids/" + i, gradients.rows().get(i).ids());
        ops.graph().output("rows/" + i, gradients.rows().get(i).rows());
      }
      CompiledGraph graph = model.engine.graph("train", () -> ops.graph().toModel());
      Map<String, Tensor> inputs = TokenBatch.rightPadded(sequences).tensors(model.runtime);
      inputs.put(
          GraphNames.ROWS,
          Tensor.copyOf(model.runtime, rows.stream().mapToLong(x -> x).toArray(), n));
      inputs.put(GraphNames.ROWS_INVERSE, Tensor.copyOf(model.runtime, inverse, 1, inverse.length));
      inputs.put(
          GraphNames.LABELS,
          Tensor.copyOf(model.runtime, labels.stream().mapToLong(x -> x).toArray(), n));

      try (RunResult result = graph.run(model.feeds(inputs), Map.of(), graph.outputNames())) {
        assertThat(result.get("loss").floats().get(0))
            .isCloseTo(train.get("loss").floatValue(), within(1e-5f));
        Map<String, float[]> found = new HashMap<>();
        for (Value p : parameters) {
          float[] g = new float[model.weights.get(p.name()).size()];
          if (ops.graph().hasOutput("d/" + p.name())) {
            result.get("d/" + p.name()).floats().get(g);
          }
          found.put(p.name(), g);
        }
        for (int i = 0; i < gradients.rows().size(); i++) {
          RowGradient r = gradients.rows().get(i);
          float[] g = found.get(r.parameter().name());
          int width = (int) r.parameter().shape().size(1);
          java.nio.LongBuffer ids = result.get("ids/" + i).longs();
          java.nio.FloatBuffer values = result.get("rows/" + i).floats();
          while (ids.hasRemaining()) {
            int id = (int) ids.get();
            for (int k = 0; k < width; k++) {
              g[id * width + k] += values.get();
            }
          }
        }
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(file.tensors().keySet());
        for (String p : file.tensors().keySet()) {
          float[] expected = DecoderFixture.read(file, p);
          float[] actual = found.get(p);
          for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                .as("%s[%d]", p, i)
                .isCloseTo(expected[i], within(1e-5f + 1e-4f * Math.abs(expected[i])));
          }
        }
      }
    }
  }
}
