package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.neuron.Neuron;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** What changed in activations, on models whose changes are known. */
class ActivationDiffTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final int PROMPTS = 6;

  private static List<TokenIds> prompts() {
    return IntStream.range(0, PROMPTS).mapToObj(i -> RandomModels.tokens(3 + i, i)).toList();
  }

  private static ActivationDiff diff(DecoderModel before, DecoderModel after) {
    return new ActivationDiff(
        CircuitDiff.of(before, after), prompts(), TokenPositions.all(), Bootstrap.seeded(2));
  }

  @Test
  void aVectorAddedByTheLastMlpIsTheShiftOfEveryToken() {
    float[] added = new float[32];
    Random random = new Random(8);
    for (int j = 0; j < 32; j++) {
      added[j] = (float) random.nextGaussian();
    }
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after =
            before.edit(
                "transformer.h.2.mlp.c_proj.bias",
                values -> {
                  for (int j = 0; j < values.length; j++) {
                    values[j] += added[j];
                  }
                  return values;
                })) {
      List<StreamShift> shifts = diff(before, after).stream(NONE);
      assertThat(shifts).hasSize(3);
      for (int layer = 0; layer < 2; layer++) {
        assertThat(shifts.get(layer).relative().value()).isZero();
        assertThat(shifts.get(layer).shift()).isEmpty();
        assertThat(shifts.get(layer).common()).isNaN();
      }
      StreamShift last = shifts.get(2);
      double norm = 0;
      double squares = 0;
      int tokens = 0;
      for (TokenIds prompt : prompts()) {
        Values values =
            before
                .forward(prompt)
                .cache(HookPoints.residPost(2))
                .execute()
                .cache()
                .values(HookPoints.residPost(2));
        for (float value : values.toArray()) {
          squares += (double) value * value;
        }
        tokens += prompt.size();
      }
      for (int j = 0; j < 32; j++) {
        assertThat(last.shift().orElseThrow().vector()[j]).isCloseTo(added[j], within(1e-4));
        norm += (double) added[j] * added[j];
      }
      assertThat(last.common()).isCloseTo(1, within(1e-5));
      assertThat(last.relative().value())
          .isCloseTo(Math.sqrt(norm / (squares / tokens)), within(1e-5));
      assertThat(last.relative().ciLow()).isLessThan(last.relative().value());
    }
  }

  @Test
  void aChangedHeadMixesOtherThingsAndOthersOfItsLayerDoNot() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel noisy = ModelPairs.noisy(before, 0.2, 3);
        DecoderModel after =
            before.withWeights(
                WeightSplice.of(
                    before.weights(),
                    noisy.weights(),
                    new PartSlices(before.architecture()).of(WeightPart.head(new HeadId(1, 2)))))) {
      List<StreamShift> heads = diff(before, after).heads(NONE);
      assertThat(heads).hasSize(12);
      for (int i = 0; i < 8; i++) {
        boolean changed = i == 4 + 2;
        assertThat(heads.get(i).relative().value() > 0).as("head %d", i).isEqualTo(changed);
      }
      assertThat(heads.get(6).site().head()).hasValue(2);
      assertThat(heads.get(9).relative().value()).isPositive();
    }
  }

  @Test
  void aNeuronThatIsBiasedFiresMoreAndOthersAsBefore() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after =
            before.edit(
                "transformer.h.2.mlp.c_fc.bias",
                values -> {
                  values[17] += 3;
                  return values;
                })) {
      for (NeuronActivity activity : diff(before, after).neurons(NONE)) {
        if (activity.neuron().equals(new Neuron(2, 17))) {
          assertThat(activity.difference().ciLow()).isPositive();
          assertThat(activity.difference().value())
              .isCloseTo(activity.after() - activity.before(), within(1e-9));
          assertThat(activity.difference().confidence()).isGreaterThan(0.999);
        } else {
          assertThat(activity.difference().value()).isZero();
        }
      }
    }
  }

  @Test
  void directionsAreThoseOfTheMeansInEitherModel() {
    try (DecoderModel before = RandomModels.create("llama");
        DecoderModel after = ModelPairs.changed(before, "layers.0.mlp", 0.2, 4)) {
      boolean[] positive = {true, false, true, true, false, false};
      ActivationSite site = ActivationSite.of(HookPoints.residPost(1));
      DirectionChange change = diff(before, after).directions(List.of(site), positive, NONE).get(0);
      double[] first = naive(before, positive);
      double[] second = naive(after, positive);
      double product = 0;
      double left = 0;
      double right = 0;
      for (int j = 0; j < first.length; j++) {
        assertThat(change.before().vector()[j]).isCloseTo(first[j], within(1e-5));
        assertThat(change.after().vector()[j]).isCloseTo(second[j], within(1e-5));
        product += first[j] * second[j];
        left += first[j] * first[j];
        right += second[j] * second[j];
      }
      assertThat(change.cosine().value())
          .isCloseTo(product / Math.sqrt(left * right), within(1e-6));
      assertThat(diff(before, before).directions(List.of(site), positive, NONE).get(0).cosine())
          .satisfies(same -> assertThat(same.value()).isCloseTo(1, within(1e-12)));
    }
  }

  private static double[] naive(DecoderModel model, boolean[] positive) {
    double[] direction = new double[32];
    for (int p = 0; p < PROMPTS; p++) {
      TokenIds prompt = prompts().get(p);
      float[] values =
          model
              .forward(prompt)
              .cache(HookPoints.residPost(1))
              .execute()
              .cache()
              .values(HookPoints.residPost(1))
              .toArray();
      for (int i = 0; i < values.length; i++) {
        direction[i % 32] += (positive[p] ? 1.0 : -1.0) / 3 * values[i] / prompt.size();
      }
    }
    return direction;
  }

  /** Directions of known truth under noise: sampling error is told from a change. */
  @Test
  void samplingErrorIsCorrectedAndAChangeIsNot() {
    int n = 400;
    int width = 20;
    Random random = new Random(6);
    List<double[]> before = new ArrayList<>();
    List<double[]> same = new ArrayList<>();
    List<double[]> turned = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double label = i < n / 2 ? 0.5 : -0.5;
      double[] row = random.doubles(width, -2, 2).toArray();
      double[] other = random.doubles(width, -2, 2).toArray();
      double[] third = random.doubles(width, -2, 2).toArray();
      row[0] += label;
      other[0] += label;
      third[0] += label * Math.cos(1);
      third[1] += label * Math.sin(1);
      before.add(row);
      same.add(other);
      turned.add(third);
    }
    DirectionChange kept = compared(before, same, n);
    DirectionChange changed = compared(before, turned, n);
    assertThat(kept.cosine().value()).isLessThan(0.9);
    assertThat(kept.corrected()).isCloseTo(1, within(0.2));
    assertThat(changed.corrected()).isCloseTo(Math.cos(1), within(0.2));
    assertThat(kept.within()).isBetween(0.2, 0.95);
  }

  private static DirectionChange compared(List<double[]> before, List<double[]> after, int n) {
    return new DirectionComparison(
            Rows.of(before.toArray(double[][]::new)),
            Rows.of(after.toArray(double[][]::new)),
            n / 2,
            new Bootstrap(200, 3, 0.95))
        .compare(ActivationSite.of(HookPoints.residPost(0)), "a", "b", 100);
  }

  @Test
  void fewPromptsAndLabelsOfOneKindAreRefused() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      CircuitDiff diff = CircuitDiff.of(model, model);
      assertThatThrownBy(
              () ->
                  new ActivationDiff(
                      diff, List.of(TokenIds.of(1)), TokenPositions.all(), Bootstrap.seeded(1)))
          .hasMessageContaining("prompts must be at least two")
          .hasMessageContaining("but were 1");
      ActivationSite site = ActivationSite.of(HookPoints.residPost(1));
      assertThatThrownBy(
              () -> diff(model, model).directions(List.of(site), new boolean[PROMPTS], NONE))
          .hasMessageContaining("6 labels, 0 of them positive");
      assertThatThrownBy(() -> diff(model, model).directions(List.of(site), new boolean[2], NONE))
          .hasMessageContaining("6 prompts and 2 labels");
    }
  }
}
