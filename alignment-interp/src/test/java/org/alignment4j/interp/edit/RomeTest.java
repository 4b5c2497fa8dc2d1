package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits of one fact in every family's layout of weights, against what the paper promises. */
class RomeTest {

  private static final int LAYER = 1;

  private static RomeOptions options(RomeOptions.Keys keys) {
    return new RomeOptions(LAYER, keys, ValueSearchOptions.rome().withSteps(8, 0.2));
  }

  private static EditResult edit(DecoderModel model, RomeOptions.Keys keys, EditRequest request) {
    Rome rome = new Rome(options(keys), TinyRequests.metric(model, LAYER));
    return rome.edit(model, request, CancellationToken.none());
  }

  static List<String> families() {
    return TinyFamilies.editable();
  }

  @ParameterizedTest
  @MethodSource("families")
  void theEditedModelMapsTheKeyToTheValue(String family) {
    EditRequest request = TinyRequests.request(3, 0);
    try (DecoderModel model = TinyFamilies.create(family)) {
      EditResult result = edit(model, RomeOptions.Keys.AVERAGED, request);
      FactEdit fact = result.facts().get(0);
      try (DecoderModel edited = result.edit().apply(model)) {
        assertThat(
                SubjectReadings.read(
                        edited, request, List.of(mlpOut(LAYER)), CancellationToken.none())
                    .get(0)[0])
            .containsExactly(fact.value().toArray(), within(2e-4));
        assertThat(result.edit().names()).hasSize(1);
        String name = result.edit().names().iterator().next();
        for (String other : model.weights().names()) {
          boolean same =
              edited.weights().get(other).data().equals(model.weights().get(other).data());
          assertThat(same).as(other).isEqualTo(!other.equals(name));
        }
        assertThat(rankOne(result.edit().change(name), model.weights().get(name).shape())).isTrue();
        try (DecoderModel undone = result.edit().undo(edited)) {
          assertThat(undone.id()).isEqualTo(model.id()).isNotEqualTo(edited.id());
        }
      }
    }
  }

  private static boolean rankOne(float[] change, long[] shape) {
    int columns = (int) shape[1];
    double[][] rows = new double[(int) shape[0]][columns];
    for (int i = 0; i < change.length; i++) {
      rows[i / columns][i % columns] = change[i];
    }
    double[] singular =
        new SingularValueDecomposition(new Array2DRowRealMatrix(rows)).getSingularValues();
    // What is left beside the first is the rounding of the weights to float32.
    return singular[0] > 0 && singular[1] < 1e-5 * Math.max(1, singular[0]);
  }

  @Test
  void averagedKeysMapTheMeanKeyAndOriginalOnesTheBareKey() {
    EditRequest request = TinyRequests.request(4, 3);
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      double[][] keys =
          SubjectReadings.read(model, request, List.of(mlpPost(LAYER)), CancellationToken.none())
              .get(0);
      for (RomeOptions.Keys kind : RomeOptions.Keys.values()) {
        EditResult result = edit(model, kind, request);
        double[] key = kind == RomeOptions.Keys.AVERAGED ? SubjectReadings.mean(keys) : keys[0];
        FactEdit fact = result.facts().get(0);
        assertThat(fact.key().toArray()).containsExactly(key, within(1e-6));
        try (DecoderModel edited = result.edit().apply(model)) {
          DownProjection before = DownProjection.of(model, LAYER);
          DownProjection after = DownProjection.of(edited, LAYER);
          double[] old = before.times(key);
          double[] made = after.times(key);
          double[] bias =
              difference(
                  SubjectReadings.read(
                          model, request, List.of(mlpOut(LAYER)), CancellationToken.none())
                      .get(0)[0],
                  before.times(keys[0]));
          assertThat(SubjectReadings.sum(made, bias))
              .as(kind.toString())
              .containsExactly(fact.value().toArray(), within(2e-4));
          assertThat(made).isNotEqualTo(old);
        }
      }
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= b[i];
    }
    return out;
  }

  @Test
  void severalFactsAreEditedInTurnAndUndoneAtOnce() {
    List<EditRequest> requests =
        List.of(TinyRequests.request(3, 0), TinyRequests.request(8, 0), TinyRequests.request(9, 1));
    try (DecoderModel model = TinyFamilies.create("llama")) {
      Rome rome = new Rome(options(RomeOptions.Keys.AVERAGED), TinyRequests.metric(model, LAYER));
      EditResult all = rome.edit(model, requests, CancellationToken.none());
      assertThat(all.facts()).hasSize(3);
      EditResult first = rome.edit(model, requests.get(0), CancellationToken.none());
      try (DecoderModel one = first.edit().apply(model)) {
        EditResult second = rome.edit(one, requests.get(1), CancellationToken.none());
        try (DecoderModel two = second.edit().apply(one)) {
          EditResult third = rome.edit(two, requests.get(2), CancellationToken.none());
          try (DecoderModel three = third.edit().apply(two);
              DecoderModel together = all.edit().apply(model);
              DecoderModel undone = all.edit().undo(together)) {
            assertThat(together.id()).isEqualTo(three.id());
            assertThat(undone.id()).isEqualTo(model.id());
            assertThatThrownBy(() -> first.edit().undo(three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in reverse order");
            assertThatThrownBy(() -> first.edit().then(third.edit()))
                .hasMessageContaining("must be of what this one makes");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "phi3"})
  void anEditedModelIsSavedAsAnyOther(String family, @TempDir Path folder) {
    TokenIds tokens = TinyFamilies.tokens(8, 1);
    try (DecoderModel model = TinyFamilies.create(family)) {
      EditResult result = edit(model, RomeOptions.Keys.AVERAGED, TinyRequests.request(3, 1));
      try (DecoderModel edited = result.edit().apply(model)) {
        edited.save(folder);
        try (DecoderModel loaded = DecoderModel.load(folder)) {
          assertThat(loaded.weights().contentHash()).isEqualTo(edited.weights().contentHash());
          assertThat(loaded.forward(tokens).execute().logits(0, -1))
              .isEqualTo(edited.forward(tokens).execute().logits(0, -1))
              .isNotEqualTo(model.forward(tokens).execute().logits(0, -1));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma2", "olmo2"})
  void modelsThatNormaliseWhatTheirMlpsGiveAreRefused(String family) {
    try (DecoderModel model = TinyFamilies.create(family)) {
      assertThatThrownBy(() -> edit(model, RomeOptions.Keys.AVERAGED, TinyRequests.request(3, 0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("enters the stream as it is but " + family + " normalises it");
    }
  }

  @Test
  void expertsQuantisedWeightsAdaptersAndLayersThatAreNotThereAreRefused() {
    EditRequest request = TinyRequests.request(3, 0);
    Rome rome = new Rome(options(RomeOptions.Keys.AVERAGED), KeyMetric.identity());
    try (DecoderModel experts = TinyFamilies.create("mixtral")) {
      assertThatThrownBy(() -> rome.edit(experts, request, CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has 3 experts");
    }
    try (DecoderModel model = TinyFamilies.create("llama");
        DecoderModel quantised = model.quantised(Quantisation.int8(32))) {
      assertThatThrownBy(() -> rome.edit(quantised, request, CancellationToken.none()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is quantised; edit dequantised()");
      String name = DownProjection.of(model, 0).name();
      LoraAdapter adapter =
          LoraAdapter.initial(Lora.rank(2), Map.of(name, new LinearShape(36, 24)));
      try (DecoderModel adapted = model.withAdapter(adapter)) {
        assertThatThrownBy(() -> rome.edit(adapted, request, CancellationToken.none()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("edit merged()");
      }
      Rome beyond = new Rome(RomeOptions.of(3), KeyMetric.identity());
      assertThatThrownBy(() -> beyond.edit(model, request, CancellationToken.none()))
          .hasMessage("layer must be in [0, 2] but was 3");
      Rome elsewhere =
          new Rome(options(RomeOptions.Keys.AVERAGED), TinyRequests.metric(model, LAYER + 1));
      assertThatThrownBy(() -> elsewhere.edit(model, request, CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be of the layer that is edited, " + LAYER + ", but are of");
      try (DecoderModel other = TinyFamilies.create("gpt2")) {
        Rome wrong =
            new Rome(options(RomeOptions.Keys.AVERAGED), TinyRequests.metric(other, LAYER));
        assertThatThrownBy(() -> wrong.edit(model, request, CancellationToken.none()))
            .hasMessageContaining("the moments are of another model");
      }
    }
  }
}
