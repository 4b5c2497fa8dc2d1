package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Edits of many facts at once, against what the paper promises. */
class MemitTest {

  private static final ValueSearchOptions SEARCH = ValueSearchOptions.memit().withSteps(6, 0.2);

  private static final List<EditRequest> REQUESTS =
      List.of(TinyRequests.request(3, 0), TinyRequests.request(8, 0), TinyRequests.request(9, 0));

  private static EditResult edit(
      DecoderModel model, List<Integer> layers, double lambda, List<EditRequest> requests) {
    List<KeyMetric> metrics = new ArrayList<>();
    layers.forEach(layer -> metrics.add(TinyRequests.metric(model, layer)));
    return new Memit(new MemitOptions(layers, lambda, SEARCH), metrics)
        .edit(model, requests, CancellationToken.none());
  }

  private static double[] state(DecoderModel model, EditRequest request, int layer) {
    return SubjectReadings.read(model, request, List.of(residPost(layer)), CancellationToken.none())
        .get(0)[0];
  }

  static List<String> families() {
    return TinyFamilies.editable();
  }

  @ParameterizedTest
  @MethodSource("families")
  void withoutWeightOfTheCorpusEveryFactReachesItsState(String family) {
    try (DecoderModel model = TinyFamilies.create(family)) {
      EditResult result = edit(model, List.of(1), 0, REQUESTS);
      try (DecoderModel edited = result.edit().apply(model)) {
        for (int f = 0; f < REQUESTS.size(); f++) {
          assertThat(state(edited, REQUESTS.get(f), 1))
              .as(result.facts().get(f).id())
              .containsExactly(result.facts().get(f).value().toArray(), within(1e-3));
        }
      }
    }
  }

  @Test
  void severalLayersShareWhatIsLacking() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      EditResult result = edit(model, List.of(0, 1), 0, REQUESTS);
      assertThat(result.edit().names()).hasSize(2);
      try (DecoderModel edited = result.edit().apply(model);
          DecoderModel undone = result.edit().undo(edited)) {
        assertThat(undone.id()).isEqualTo(model.id());
        for (int f = 0; f < REQUESTS.size(); f++) {
          assertThat(state(edited, REQUESTS.get(f), 1))
              .containsExactly(result.facts().get(f).value().toArray(), within(2e-3));
        }
      }
    }
  }

  @Test
  void theFirstLayerTakesItsShareOnly() {
    EditRequest request = REQUESTS.get(0);
    try (DecoderModel model = TinyFamilies.create("llama")) {
      EditResult result = edit(model, List.of(0, 1), 0, List.of(request));
      try (DecoderModel edited = result.edit().apply(model)) {
        double[] before = output(model, request);
        double[] after = output(edited, request);
        double[] state = state(model, request, 1);
        assertThat(result.facts().get(0).value().get(0)).isNotCloseTo(state[0], within(0.1));
        for (int i = 0; i < before.length; i++) {
          assertThat(after[i] - before[i])
              .isCloseTo((result.facts().get(0).value().get(i) - state[i]) / 2, within(1e-4));
        }
      }
    }
  }

  /** What the first layer's MLP gives at the subject. */
  private static double[] output(DecoderModel model, EditRequest request) {
    return SubjectReadings.read(model, request, List.of(mlpOut(0)), CancellationToken.none())
        .get(0)[0];
  }

  @Test
  void weightOfTheCorpusMakesTheChangeVanish() {
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      double before = Double.POSITIVE_INFINITY;
      for (double lambda : new double[] {0, 1, 1e3, 1e12}) {
        ModelEdit edit = edit(model, List.of(1), lambda, REQUESTS).edit();
        double norm = edit.norm(edit.names().iterator().next());
        assertThat(norm).isLessThan(before);
        before = norm;
      }
      assertThat(before).isLessThan(1e-7);
    }
  }

  @Test
  void oneFactInOneLayerIsTheClosedFormOfRome() {
    EditRequest request = TinyRequests.request(3, 2);
    try (DecoderModel model = TinyFamilies.create("gpt_neox")) {
      KeyMetric metric = TinyRequests.metric(model, 1);
      EditResult result = edit(model, List.of(1), 0, List.of(request));
      FactEdit fact = result.facts().get(0);
      double[] key = fact.key().toArray();
      double[] residual = state(model, request, 1);
      Arrays.setAll(residual, i -> fact.value().get(i) - residual[i]);
      double[][] delta = Insertion.single(metric, key, key, residual);
      DownProjection projection = DownProjection.of(model, 1);
      float[] expected = new float[projection.plus(delta).size()];
      projection.plus(delta).data().get(expected);
      float[] made = new float[expected.length];
      try (DecoderModel edited = result.edit().apply(model)) {
        edited.weights().get(projection.name()).data().get(made);
      }
      assertThat(made).containsExactly(expected, within(1e-6f));
    }
  }

  @Test
  void contextsTogetherCountAsMuchAsTheBarePrompt() {
    EditRequest request = TinyRequests.request(3, 3);
    try (DecoderModel model = TinyFamilies.create("gpt_neox")) {
      double[][] rows =
          SubjectReadings.read(
                  model, request, List.of(HookPoints.mlpPost(1)), CancellationToken.none())
              .get(0);
      assertThat(rows.length).isGreaterThan(2);
      FactEdit fact = edit(model, List.of(1), 1, List.of(request)).facts().get(0);
      for (int i = 0; i < rows[0].length; i++) {
        double contexts = 0;
        for (int row = 1; row < rows.length; row++) {
          contexts += rows[row][i] / (rows.length - 1);
        }
        assertThat(fact.key().get(i)).isCloseTo((rows[0][i] + contexts) / 2, within(1e-6));
      }
    }
  }

  @Test
  void theOrderOfFactsHasNoEffect() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      ModelEdit one = edit(model, List.of(0, 1), 2, REQUESTS).edit();
      ModelEdit other =
          edit(model, List.of(0, 1), 2, List.of(REQUESTS.get(2), REQUESTS.get(0), REQUESTS.get(1)))
              .edit();
      for (String name : one.names()) {
        assertThat(one.change(name)).containsExactly(other.change(name), within(1e-5f));
      }
    }
  }

  @Test
  void layersAndWeightsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> MemitOptions.of(List.of(2, 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layers must ascend from 0 but were [2, 1]");
    assertThatThrownBy(() -> MemitOptions.of(List.of(), 1)).hasMessageContaining("at least one");
    assertThatThrownBy(() -> MemitOptions.of(List.of(0), -1)).hasMessageContaining("lambda");
    assertThatThrownBy(
            () -> new Memit(MemitOptions.of(List.of(0, 1), 1), List.of(KeyMetric.identity())))
        .hasMessage("there must be one metric for each of the layers [0, 1] but there were 1");
  }
}
