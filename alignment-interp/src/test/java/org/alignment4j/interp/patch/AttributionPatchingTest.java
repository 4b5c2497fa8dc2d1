package org.alignment4j.interp.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class AttributionPatchingTest {

  private static PatchGrid attributed(DecoderModel model, PatchSweep sweep, ContrastPair... pairs) {
    return AttributionPatching.run(model, sweep, List.of(pairs), CancellationToken.none());
  }

  @Test
  void equalsPatchingWhereTheRestIsLinear() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      PatchSweep sweep =
          PatchSweep.of(
              HookPoints.unembedIn(), PatchDirection.DENOISING, Axis.POSITION, Axis.COMPONENT);
      ContrastPair pair = ActivationPatchingTest.pair(5, 1);
      PatchGrid exact =
          ActivationPatching.run(model, sweep, List.of(pair), CancellationToken.none());
      PatchGrid estimated = attributed(model, sweep, pair);
      for (int i = 0; i < exact.effects().size(); i++) {
        assertThat(estimated.effects().get(i).value())
            .isCloseTo(exact.effects().get(i).value(), within(1e-4));
      }
      assertThat(estimated.axes()).isEqualTo(exact.axes());
      assertThat(estimated.method()).isEqualTo("attribution patching");
    }
  }

  @Test
  void isTheSlopeTowardsTheSource() {
    for (String name : List.of("gpt2", "llama", "gemma2")) {
      try (DecoderModel model = RandomModels.create(name)) {
        ContrastPair pair = ActivationPatchingTest.pair(5, 2);
        PatchGrid grid =
            attributed(
                model,
                PatchSweep.of(
                    HookPoints.z(Layers.all()), PatchDirection.NOISING, Axis.POSITION, Axis.HEAD),
                pair);
        double range = metric(model, pair.corrupted(), pair) - metric(model, pair.clean(), pair);
        for (int layer = 0; layer < 3; layer++) {
          double slope = slope(model, pair, layer, 3, 1) / range;
          assertThat(grid.effect(layer, 3, 1).value())
              .as("%s layer %s", name, layer)
              .isCloseTo(slope, within(2e-3 + 0.01 * Math.abs(slope)));
        }
      }
    }
  }

  private static double metric(DecoderModel model, TokenIds tokens, ContrastPair pair) {
    return model.forward(tokens).measure(pair.metric()).metric()[0];
  }

  /** A central difference along the way to the corrupted activation. */
  private static double slope(
      DecoderModel model, ContrastPair pair, int layer, int position, int head) {
    var point = HookPoints.z(layer);
    Values clean = values(model, pair.clean(), point);
    Values corrupted = values(model, pair.corrupted(), point);
    float[] way = corrupted.toArray();
    float[] from = clean.toArray();
    for (int i = 0; i < way.length; i++) {
      way[i] -= from[i];
    }
    Values direction = Values.of(clean.shape(), way);
    double step = 0.02;
    double[] ends = new double[2];
    for (int side = 0; side < 2; side++) {
      ends[side] =
          model
              .forward(pair.clean())
              .at(
                  point,
                  Edits.add(
                      direction,
                      side == 0 ? -step : step,
                      Selectors.pos(position),
                      Selectors.head(head)))
              .measure(pair.metric())
              .metric()[0];
    }
    return (ends[1] - ends[0]) / (2 * step);
  }

  private static Values values(DecoderModel model, TokenIds tokens, HookPoint<?> point) {
    return model.forward(tokens).cache(point).execute().cache().values(point);
  }

  @Test
  void cellsSumToTheWholePointAndAgreeToFirstOrder() {
    try (DecoderModel model = RandomModels.create("llama")) {
      ContrastPair a = ActivationPatchingTest.pair(6, 3);
      ContrastPair b = ActivationPatchingTest.pair(6, 4);
      PatchGrid whole =
          attributed(
              model,
              PatchSweep.of(HookPoints.residPost(Layers.all()), PatchDirection.DENOISING),
              a,
              b);
      PatchGrid parts =
          attributed(
              model,
              PatchSweep.of(
                  HookPoints.residPost(Layers.all()),
                  PatchDirection.DENOISING,
                  Axis.COMPONENT,
                  Axis.POSITION),
              a,
              b);
      int cells = parts.effects().size() / 3;
      for (int layer = 0; layer < 3; layer++) {
        double sum =
            parts.effects().subList(layer * cells, (layer + 1) * cells).stream()
                .mapToDouble(effect -> effect.value())
                .sum();
        assertThat(sum).isCloseTo(whole.effect(layer).value(), within(1e-6));
      }
    }
  }

  @Test
  void attributesScoresThoughSomeAreHidden() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      PatchGrid grid =
          attributed(
              model,
              PatchSweep.of(
                  HookPoints.attnScores(Layers.all()), PatchDirection.DENOISING, Axis.HEAD),
              ActivationPatchingTest.pair(6, 3));
      assertThat(grid.effects()).allMatch(effect -> Double.isFinite(effect.value()));
    }
  }

  @Test
  void metricsOfEachPairCount() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      ContrastPair a = ActivationPatchingTest.pair(5, 3);
      ContrastPair b =
          new ContrastPair(a.clean(), a.corrupted(), LogitMetric.logitDifference(1, 2));
      PatchSweep sweep = PatchSweep.of(HookPoints.unembedIn(), PatchDirection.NOISING);
      assertThat(attributed(model, sweep, a, b).effect(0).value()).isCloseTo(1, within(1e-4));
      assertThat(attributed(model, sweep, a, b).clean().value())
          .isCloseTo((metric(model, a.clean(), a) + metric(model, a.clean(), b)) / 2, within(1e-5));
    }
  }
}
