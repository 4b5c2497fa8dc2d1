package org.alignment4j.interp.neuron;

import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.Selectors.neuron;
import static org.alignment4j.api.hook.Selectors.posFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.edit.DownProjection;
import org.alignment4j.interp.edit.ModelEdit;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neurons held down, turned up and rewritten. */
class NeuronEditsTest {

  private static final TokenIds PROMPT = TinyFamilies.tokens(6, 3);
  private static final Set<Neuron> NEURONS =
      Set.of(new Neuron(0, 3), new Neuron(2, 1), new Neuron(2, 7));

  @Test
  void suppressedNeuronsAreZeroAndAmplifiedOnesTwiceWhatTheyWere() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      Values plain = model.forward(PROMPT).cache(mlpPost(2)).execute().cache().values(mlpPost(2));
      Values twice =
          model
              .forward(PROMPT)
              .with(NeuronInterventions.amplify(List.of(new Neuron(2, 1)), 2, posFrom(4)))
              .cache(mlpPost(2))
              .execute()
              .cache()
              .values(mlpPost(2));
      Values none =
          model
              .forward(PROMPT)
              .with(NeuronInterventions.suppress(List.of(new Neuron(2, 1))))
              .cache(mlpPost(2))
              .execute()
              .cache()
              .values(mlpPost(2));
      for (int p = 0; p < 6; p++) {
        assertThat(none.get(0, p, 1)).isZero();
        assertThat(none.get(0, p, 2)).isEqualTo(plain.get(0, p, 2));
        assertThat(twice.get(0, p, 1))
            .isCloseTo((p < 4 ? 1 : 2) * plain.get(0, p, 1), within(1e-6f));
      }
      assertThat(NeuronInterventions.suppress(List.of())).isEmpty();
      List<Intervention<?>> all = NeuronInterventions.suppress(NEURONS);
      assertThat(all).hasSize(2);
    }
  }

  @Test
  void effectsAreRatiosOfMeansAndAnEmptySetChangesNothing() {
    Cloze first = new Cloze(PROMPT, TokenIds.of(11, 12));
    Cloze second = new Cloze(TinyFamilies.tokens(4, 9), TokenIds.of(5));
    try (DecoderModel model = TinyFamilies.create("llama")) {
      NeuronEffect effect =
          NeuronEffect.measure(
              model,
              List.of(
                  new NeuronTrial(first, Set.of(new Neuron(2, 1))),
                  new NeuronTrial(second, Set.of())),
              0,
              Bootstrap.seeded(1),
              CancellationToken.none());
      double before = probability(model, first, false);
      double after = probability(model, first, true);
      double other = probability(model, second, false);
      assertThat(effect.before().toArray())
          .containsExactly(new double[] {before, other}, within(1e-7));
      assertThat(effect.after().get(0)).isCloseTo(after, within(1e-7)).isNotEqualTo(before);
      assertThat(effect.after().get(1)).isEqualTo(effect.before().get(1));
      assertThat(effect.relativeChange().value())
          .isCloseTo((after - before) / (before + other), within(1e-5));
      assertThat(effect.absoluteChange().value()).isCloseTo((after - before) / 2, within(1e-7));
    }
  }

  /** The product of the answer's probabilities, token by token. */
  private static double probability(DecoderModel model, Cloze cloze, boolean suppressed) {
    double product = 1;
    for (int t = 0; t < cloze.target().size(); t++) {
      TokenIds before = cloze.prompt().concat(cloze.target().slice(0, t));
      var run = model.forward(before);
      if (suppressed) {
        Values zero = Values.scalar(0);
        run = run.with(replace(mlpPost(2), zero, posFrom(cloze.prompt().size() - 1), neuron(1)));
      }
      product *= run.measure(LogitMetric.probability(cloze.target().get(t))).metric()[0];
    }
    return product;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "gemma2", "olmo2"})
  void erasingTouchesTheListedRowsOnlyAndIsUndoneExactly(String family) {
    try (DecoderModel model = TinyFamilies.create(family)) {
      ModelEdit edit = NeuronWeightEdits.erase(model, NEURONS);
      try (DecoderModel erased = edit.apply(model);
          DecoderModel undone = edit.undo(erased)) {
        assertThat(undone.id()).isEqualTo(model.id());
        for (int layer = 0; layer < 3; layer++) {
          DownProjection before = DownProjection.of(model, layer);
          DownProjection after = DownProjection.of(erased, layer);
          for (int i = 0; i < before.keys(); i++) {
            boolean listed = NEURONS.contains(new Neuron(layer, i));
            assertThat(after.value(i))
                .isEqualTo(listed ? new double[before.values()] : before.value(i));
          }
        }
        float[] suppressed =
            model
                .forward(PROMPT)
                .with(NeuronInterventions.suppress(NEURONS))
                .execute()
                .logits(0, -1);
        assertThat(erased.forward(PROMPT).execute().logits(0, -1))
            .containsExactly(suppressed, within(1e-4f));
      }
    }
  }

  @Test
  void updatingTurnsValuesFromOneTokenToAnother() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      Neuron chosen = new Neuron(1, 4);
      ModelEdit edit = NeuronWeightEdits.update(model, List.of(chosen), 7, 30, 1, 8);
      WeightTensor head = model.weights().get(model.architecture().names().head());
      double[] value = DownProjection.of(model, 1).value(4);
      double[] old = row(head.data(), 7);
      double[] wanted = row(head.data(), 30);
      try (DecoderModel updated = edit.apply(model)) {
        double[] made = DownProjection.of(updated, 1).value(4);
        for (int i = 0; i < made.length; i++) {
          double expected =
              value[i]
                  - norm(value) / norm(old) * old[i]
                  + 8 * norm(value) / norm(wanted) * wanted[i];
          assertThat(made[i]).isCloseTo(expected, within(1e-6));
        }
        assertThat(DownProjection.of(updated, 1).value(5))
            .isEqualTo(DownProjection.of(model, 1).value(5));
      }
      assertThatThrownBy(() -> NeuronWeightEdits.update(model, List.of(chosen), 7, 99, 1, 8))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a token must be in [0, 42] but was 99");
      assertThatThrownBy(() -> NeuronWeightEdits.erase(model, List.of(new Neuron(1, 36))))
          .hasMessage("a neuron must be one of the layer's 36 but was L1N36");
    }
  }

  private static double[] row(FloatBuffer data, int row) {
    double[] out = new double[24];
    for (int i = 0; i < 24; i++) {
      out[i] = data.get(row * 24 + i);
    }
    return out;
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double x : vector) {
      squares += x * x;
    }
    return Math.sqrt(squares);
  }
}
