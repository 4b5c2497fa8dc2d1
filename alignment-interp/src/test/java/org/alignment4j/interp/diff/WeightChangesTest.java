package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.core.report.Report;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.diff.WeightPart.Kind;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.neuron.Neuron;
import org.alignment4j.interp.weights.AttentionWeights;
import org.alignment4j.interp.weights.Families;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which weights changed, on models whose changes are known. */
class WeightChangesTest {

  private static final double TOLERANCE = 1e-6;

  private static WeightChanges changes(DecoderModel before, DecoderModel after) {
    return CircuitDiff.of(before, after).weights(CancellationToken.none());
  }

  private static double frobenius(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void everyTensorIsComparedWithWhatItWas() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after = ModelPairs.changed(before, "h.1.mlp", 0.03, 2)) {
      WeightChanges changes = changes(before, after);
      for (TensorChange change : changes.tensors()) {
        float[] old = ModelPairs.floats(before.weights().get(change.name()));
        float[] made = ModelPairs.floats(after.weights().get(change.name()));
        double norm = frobenius(old, made);
        assertThat(change.change()).isCloseTo(norm, within(TOLERANCE));
        assertThat(change.before()).isCloseTo(frobenius(old, new float[old.length]), within(1e-4));
        assertThat(change.relative())
            .isCloseTo(norm / frobenius(old, new float[old.length]), within(TOLERANCE));
        boolean touched = change.name().contains("h.1.mlp");
        assertThat(change.changed() > 0).as(change.name()).isEqualTo(touched);
        assertThat(change.spectrum().isPresent())
            .isEqualTo(touched && change.shape().length() == 2);
      }
      Map<WeightPart, Double> shares = changes.shares();
      assertThat(shares.get(WeightPart.of(Kind.MLP, 1))).isCloseTo(1, within(1e-12));
      assertThat(shares.values().stream().mapToDouble(x -> x).sum()).isCloseTo(1, within(1e-12));
      assertThat(changes.heads()).allMatch(head -> head.greatest() == 0 && head.query() == 0);
    }
  }

  @Test
  void aChangeOfOneHeadIsFoundInItAlone() {
    try (DecoderModel before = Families.model("llama")) {
      HeadId head = new HeadId(1, 2);
      PartSlices slices = new PartSlices(before.architecture());
      try (DecoderModel noisy = ModelPairs.noisy(before, 0.05, 3);
          DecoderModel after =
              before.withWeights(
                  WeightSplice.of(
                      before.weights(), noisy.weights(), slices.of(WeightPart.head(head))))) {
        WeightChanges changes = changes(before, after);
        assertThat(changes.topHeads(1).get(0).head()).isEqualTo(head);
        AttentionWeights old = TransformerWeights.of(before).layer(1).attention();
        AttentionWeights made = TransformerWeights.of(after).layer(1).attention();
        for (HeadChange change : changes.heads()) {
          if (!change.head().equals(head)) {
            assertThat(change.greatest()).as("%s", change.head()).isZero();
          } else {
            assertThat(change.qk())
                .isCloseTo(
                    naive(
                        old.query().get(2).weight().timesTransposed(old.keyOf(2).weight()),
                        made.query().get(2).weight().timesTransposed(made.keyOf(2).weight())),
                    within(1e-9));
            assertThat(change.ov())
                .isCloseTo(
                    naive(
                        old.valueOf(2).weight().times(old.output().get(2)),
                        made.valueOf(2).weight().times(made.output().get(2))),
                    within(1e-9));
            assertThat(change.output())
                .isCloseTo(naive(old.output().get(2), made.output().get(2)), within(1e-9));
            assertThat(change.query()).isPositive();
            assertThat(change.key()).isZero();
          }
        }
      }
    }
  }

  private static double naive(Matrix before, Matrix after) {
    double squares = 0;
    double changes = 0;
    for (int i = 0; i < before.rows(); i++) {
      for (int j = 0; j < before.columns(); j++) {
        double change = after.get(i, j) - before.get(i, j);
        squares += before.get(i, j) * before.get(i, j);
        changes += change * change;
      }
    }
    return Math.sqrt(changes / squares);
  }

  /** What a head computes stays when its inner axes turn: values doubled, output halved. */
  @Test
  void circuitsTellATurnOfInnerAxesFromAChange() {
    try (DecoderModel before = RandomModels.create("gpt2")) {
      int d = before.architecture().config().hiddenSize();
      try (DecoderModel scaled =
              before.edit(
                  "transformer.h.0.attn.c_attn.weight",
                  values -> columns(values, 3 * d, 2 * d, 2));
          DecoderModel after =
              scaled.edit(
                  "transformer.h.0.attn.c_proj.weight", values -> columns(values, d, 0, 0.5f))) {
        HeadChange head = changes(before, after).heads().get(0);
        assertThat(head.output()).isCloseTo(0.5, within(1e-9));
        assertThat(head.value()).isGreaterThan(0.8);
        assertThat(head.ov()).isLessThan(1e-6);
        assertThat(head.qk()).isZero();
      }
    }
  }

  private static float[] columns(float[] values, int width, int from, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= i % width >= from ? factor : 1;
    }
    return values;
  }

  @Test
  void aChangeOfOneNeuronIsFoundInItAlone() {
    for (String family : List.of("gpt2", "llama")) {
      try (DecoderModel before = RandomModels.create(family)) {
        Neuron neuron = new Neuron(2, 7);
        PartSlices slices = new PartSlices(before.architecture());
        try (DecoderModel noisy = ModelPairs.noisy(before, 0.05, 3);
            DecoderModel after =
                before.withWeights(
                    WeightSplice.of(
                        before.weights(), noisy.weights(), slices.of(WeightPart.neuron(neuron))))) {
          WeightChanges changes = changes(before, after);
          NeuronChange top = changes.topNeurons(1).get(0);
          assertThat(top.neuron()).isEqualTo(neuron);
          assertThat(top.in()).isPositive();
          assertThat(top.out()).isPositive();
          assertThat(Double.isNaN(top.gate())).isEqualTo(family.equals("gpt2"));
          assertThat(changes.neurons().stream().filter(n -> n.whole() > 0)).hasSize(1);
        }
      }
    }
  }

  /** An outer product, as ROME adds, has rank one. */
  @Test
  void anOuterProductHasRankOne() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after =
            before.edit(
                "transformer.h.1.mlp.c_proj.weight",
                values -> {
                  for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (Math.sin(Math.floorDiv(i, 32)) * Math.cos(i % 32));
                  }
                  return values;
                })) {
      TensorChange change =
          changes(before, after).tensors().stream()
              .filter(t -> t.changed() > 0)
              .findFirst()
              .orElseThrow();
      assertThat(change.part()).isEqualTo(WeightPart.of(Kind.MLP, 1));
      assertThat(change.spectrum().orElseThrow().stableRank()).isCloseTo(1, within(1e-4));
      assertThat(change.spectrum().orElseThrow().effectiveRank()).isLessThan(1.01);
    }
  }

  @Test
  void reportNamesWhatChanged() {
    try (DecoderModel before = RandomModels.create("llama");
        DecoderModel after = ModelPairs.changed(before, "layers.1.mlp.down", 0.03, 2)) {
      Report.Builder report = Report.builder("changes");
      changes(before, after).sections(3).forEach(report::add);
      assertThat(report.build().html())
          .contains("model.layers.1.mlp.down_proj.weight")
          .contains("Heads that changed most")
          .contains("L1N")
          .doesNotContain("model.layers.1.mlp.up_proj.weight")
          .containsPattern("\\d+ of \\d+ tensors are the same in both models");
      assertThat(changes(before, after).topHeads(5)).isEmpty();
      assertThat(changes(before, after).topNeurons(1000))
          .allMatch(neuron -> neuron.whole() > 0)
          .isNotEmpty();
      assertThat(changes(before, before).shares().values()).containsOnly(0.0);
    }
  }

  @Test
  void modelsThatCannotBeComparedAreRefused() {
    try (DecoderModel gpt2 = RandomModels.create("gpt2");
        DecoderModel llama = RandomModels.create("llama");
        DecoderModel narrow = Families.model("llama");
        DecoderModel quantised = llama.quantised(Quantisation.int8(32))) {
      assertThatThrownBy(() -> CircuitDiff.of(gpt2, llama))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "must be of one architecture but differ in modelType (gpt2 and llama)")
          .hasMessageContaining("of which one was made of the other");
      assertThatThrownBy(() -> CircuitDiff.of(llama, narrow))
          .hasMessageContaining("must be of one architecture but differ in")
          .hasMessageContaining("layers (");
      assertThatThrownBy(() -> CircuitDiff.of(llama, quantised))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the model after must be float32")
          .hasMessageContaining("compare dequantised()");
      assertThatThrownBy(() -> CircuitDiff.of(llama, llama).weights(() -> true))
          .isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void adaptersAndOtherVocabulariesAreRefused(@TempDir Path folder) throws IOException {
    Path first = PocketModel.copyTo(folder.resolve("first"));
    Path second = PocketModel.copyTo(folder.resolve("second"));
    Path file = second.resolve("tokenizer.json");
    ObjectMapper json = new ObjectMapper();
    JsonNode tokenizer = json.readTree(file.toFile());
    ObjectNode vocabulary = (ObjectNode) tokenizer.get("model").get("vocab");
    JsonNode x = vocabulary.get("x");
    vocabulary.set("x", vocabulary.get("y"));
    vocabulary.set("y", x);
    json.writeValue(file.toFile(), tokenizer);
    ModelOptions cpu = ModelOptions.defaults().device(DevicePolicy.CPU);
    try (DecoderModel before = DecoderModel.load(first, cpu);
        DecoderModel after = DecoderModel.load(second, cpu)) {
      int y = json.readTree(first.resolve("tokenizer.json").toFile()).at("/model/vocab/y").asInt();
      assertThatThrownBy(() -> CircuitDiff.of(before, after))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must have one vocabulary but token " + Math.min(y, x.asInt()))
          .hasMessageContaining("prompts would be different texts to each");
      String name = "model.layers.0.mlp.down_proj.weight";
      long[] shape = before.weights().get(name).shape();
      LoraAdapter adapter =
          LoraAdapter.initial(
              Lora.rank(2), Map.of(name, new LinearShape((int) shape[1], (int) shape[0])));
      try (DecoderModel adapted = before.withAdapter(adapter)) {
        assertThatThrownBy(() -> CircuitDiff.of(before, adapted))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("the model after must not have an adapter over its weights")
            .hasMessageContaining("compare merged()");
      }
    }
  }

  @Test
  void unchangedZerosAreNoChangeAndChangedOnesAreInfinite() {
    assertThat(RelativeChange.ofNorms(0, 0)).isZero();
    assertThat(RelativeChange.ofNorms(1, 0)).isInfinite();
    try (DecoderModel model = RandomModels.create("gpt2")) {
      String bias = "transformer.h.0.mlp.c_proj.bias";
      Weights zero = model.weights().with(WeightTensor.of(bias, new long[] {32}, new float[32]));
      try (DecoderModel before = model.withWeights(zero)) {
        TensorChange change =
            changes(before, model).tensors().stream()
                .filter(t -> t.name().equals(bias))
                .findFirst()
                .orElseThrow();
        assertThat(change.relative()).isInfinite();
        assertThat(changes(before, model).toTable().rows().get(0).get(3).main())
            .isEqualTo("from zeros");
      }
    }
  }
}
