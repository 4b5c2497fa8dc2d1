package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.interp.diff.WeightPart.Kind;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.neuron.Neuron;
import org.alignment4j.interp.weights.AttentionWeights;
import org.alignment4j.interp.weights.Families;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts of the weights of every family. */
class WeightPartsTest {

  static Set<String> families() {
    return Families.all().keySet();
  }

  /** How often each weight belongs to a part. */
  private static Map<String, int[]> covered(Architecture architecture, List<WeightPart> parts) {
    Map<String, int[]> covered = new LinkedHashMap<>();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Parameter parameter : architecture.parameters()) {
      covered.put(parameter.name(), new int[(int) parameter.size()]);
      shapes.put(parameter.name(), parameter.shape());
    }
    PartSlices slices = new PartSlices(architecture);
    for (WeightPart part : parts) {
      for (TensorSlice slice : slices.of(part)) {
        int[] counts = covered.get(slice.tensor());
        slice.forEach(
            shapes.get(slice.tensor()),
            (start, end) -> IntStream.range(start, end).forEach(i -> counts[i]++));
      }
    }
    return covered;
  }

  private static void assertOnce(Map<String, int[]> covered) {
    covered.forEach((name, counts) -> assertThat(counts).as(name).containsOnly(1));
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyWeightBelongsToOnePart(String family) {
    try (DecoderModel model = Families.model(family)) {
      Architecture architecture = model.architecture();
      assertOnce(covered(architecture, WeightParts.components(architecture)));
      assertOnce(covered(architecture, WeightParts.heads(architecture)));
      if (architecture.config().variations().experts() == null) {
        List<WeightPart> fine = new ArrayList<>();
        for (WeightPart part : WeightParts.heads(architecture)) {
          if (part.kind() == Kind.MLP) {
            fine.addAll(WeightParts.neurons(architecture, part.layer()));
          } else {
            fine.add(part);
          }
        }
        assertOnce(covered(architecture, fine));
      } else {
        assertThatThrownBy(() -> WeightParts.neurons(architecture, 0))
            .hasMessageContaining("neurons are parts of a layer with one MLP")
            .hasMessageContaining("experts in each");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void patchedHeadAndNeuronAreThoseOfTheOtherModelInTheViewByMatrices(String family) {
    try (DecoderModel before = Families.model(family);
        DecoderModel after = ModelPairs.noisy(before, 0.1, 1)) {
      Architecture architecture = before.architecture();
      PartSlices slices = new PartSlices(architecture);
      Weights patched =
          WeightSplice.of(
              before.weights(), after.weights(), slices.of(WeightPart.head(new HeadId(1, 2))));
      AttentionWeights old = TransformerWeights.of(before).layer(1).attention();
      AttentionWeights made = TransformerWeights.of(after).layer(1).attention();
      AttentionWeights mixed = TransformerWeights.of(architecture, patched).layer(1).attention();
      boolean own = old.heads() == old.keyValueHeads();
      for (int h = 0; h < old.heads(); h++) {
        AttentionWeights expected = h == 2 ? made : old;
        AttentionWeights keys = own ? expected : old;
        assertThat(mixed.query().get(h)).isEqualTo(expected.query().get(h));
        assertThat(mixed.output().get(h)).isEqualTo(expected.output().get(h));
        assertThat(mixed.keyOf(h)).isEqualTo(keys.keyOf(h));
        assertThat(mixed.valueOf(h)).isEqualTo(keys.valueOf(h));
      }
      assertThat(mixed.outputBias()).isEqualTo(old.outputBias());
      if (!(TransformerWeights.of(before).layer(0).mlp() instanceof MlpWeights.Experts)) {
        assertNeuron(before, after, slices.of(WeightPart.neuron(new Neuron(1, 5))));
      }
    }
  }

  private static void assertNeuron(
      DecoderModel before, DecoderModel after, List<TensorSlice> slices) {
    Weights patched = WeightSplice.of(before.weights(), after.weights(), slices);
    MlpWeights mixed = TransformerWeights.of(before.architecture(), patched).layer(1).mlp();
    MlpWeights old = TransformerWeights.of(before).layer(1).mlp();
    MlpWeights made = TransformerWeights.of(after).layer(1).mlp();
    int neurons = before.architecture().config().intermediateSize();
    for (int i = 0; i < neurons; i++) {
      assertThat(neuron(mixed, i)).isEqualTo(neuron(i == 5 ? made : old, i));
    }
    assertThat(neuron(old, 5)).isNotEqualTo(neuron(made, 5));
  }

  /** All that belongs to a neuron. */
  private static List<Object> neuron(MlpWeights mlp, int i) {
    if (mlp instanceof MlpWeights.Plain plain) {
      return List.of(
          plain.in().weight().columns(i, i + 1),
          plain.in().bias().columns(i, i + 1),
          plain.out().weight().rows(i, i + 1));
    }
    MlpWeights.Gated gated = (MlpWeights.Gated) mlp;
    return List.of(
        gated.gate().weight().columns(i, i + 1),
        gated.gate().bias().columns(i, i + 1),
        gated.in().weight().columns(i, i + 1),
        gated.in().bias().columns(i, i + 1),
        gated.out().weight().rows(i, i + 1));
  }

  @ParameterizedTest
  @MethodSource("families")
  void allPartsTogetherAreTheOtherModelToTheBit(String family) {
    try (DecoderModel before = Families.model(family);
        DecoderModel after = ModelPairs.noisy(before, 0.1, 1)) {
      PartSlices slices = new PartSlices(before.architecture());
      List<TensorSlice> all =
          WeightParts.heads(before.architecture()).stream()
              .flatMap(part -> slices.of(part).stream())
              .toList();
      Weights patched = WeightSplice.of(before.weights(), after.weights(), all);
      assertThat(patched.contentHash()).isEqualTo(after.weights().contentHash());
    }
  }

  @Test
  void partsTheModelLacksAndImpossiblePartsAreRefused() {
    try (DecoderModel model = Families.model("llama")) {
      PartSlices slices = new PartSlices(model.architecture());
      assertThatThrownBy(() -> slices.of(WeightPart.head(new HeadId(0, 99))))
          .hasMessageContaining("has no weights of 'L0H99'")
          .hasMessageContaining("WeightParts lists those it has");
      assertThatThrownBy(() -> slices.of(WeightPart.of(Kind.MLP, 99)))
          .hasMessageContaining("has no weights of 'L99 MLP'");
      assertThatThrownBy(() -> slices.of(WeightPart.head(new HeadId(99, 0))))
          .hasMessageContaining("has no weights of 'L99H0'");
      assertThatThrownBy(() -> slices.of(WeightPart.outside(Kind.POSITIONS)))
          .hasMessageContaining("has no weights of 'positions'");
      assertThatThrownBy(() -> WeightParts.heads(model.architecture(), 99))
          .hasMessageContaining("but was 99");
    }
    assertThatThrownBy(() -> WeightPart.of(Kind.MLP, -3))
        .hasMessage("layer of a part of kind MLP must not be negative but was -3");
    assertThatThrownBy(() -> new WeightPart(Kind.MLP, 0, 4))
        .hasMessage("index of a part of kind MLP must be -1 but was 4");
  }
}
