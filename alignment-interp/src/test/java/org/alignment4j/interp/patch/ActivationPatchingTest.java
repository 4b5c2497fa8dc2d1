package org.alignment4j.interp.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ActivationPatchingTest {

  private static final LogitMetric METRIC = LogitMetric.logitDifference(5, 7);
  private static DecoderModel gpt2;
  private static DecoderModel llama;

  @BeforeAll
  static void load() {
    gpt2 = RandomModels.create("gpt2");
    llama = RandomModels.create("llama");
  }

  @AfterAll
  static void close() {
    gpt2.close();
    llama.close();
  }

  static ContrastPair pair(int length, int seed) {
    TokenIds clean = RandomModels.tokens(length, seed);
    int[] other = clean.toArray();
    other[1] = (other[1] + 11) % RandomModels.VOCABULARY;
    other[length - 2] = (other[length - 2] + 5) % RandomModels.VOCABULARY;
    return new ContrastPair(clean, TokenIds.of(other), METRIC);
  }

  private static PatchGrid run(DecoderModel model, PatchSweep sweep, ContrastPair... pairs) {
    return ActivationPatching.run(model, sweep, List.of(pairs), CancellationToken.none());
  }

  private static double metric(DecoderModel model, TokenIds tokens) {
    return model.forward(tokens).measure(METRIC).metric()[0];
  }

  private static ActivationCache cache(
      DecoderModel model, TokenIds tokens, HookPointSet<?> points) {
    return model.forward(tokens).cache(points).execute().cache();
  }

  @Test
  void headsByPositionAreTheSameAsOneRunForEach() {
    ContrastPair pair = pair(6, 1);
    PatchGrid grid =
        run(
            gpt2,
            PatchSweep.of(
                HookPoints.z(Layers.all()), PatchDirection.DENOISING, Axis.HEAD, Axis.POSITION),
            pair);
    ActivationCache clean = cache(gpt2, pair.clean(), HookPoints.z(Layers.all()));
    double low = metric(gpt2, pair.corrupted());
    double high = metric(gpt2, pair.clean());
    for (int layer = 0; layer < 3; layer++) {
      for (int head = 0; head < 4; head++) {
        for (int position = 0; position < 6; position++) {
          double patched =
              gpt2.forward(pair.corrupted())
                  .at(
                      HookPoints.z(layer),
                      Edits.patchFrom(clean, Selectors.head(head), Selectors.pos(position)))
                  .measure(METRIC)
                  .metric()[0];
          assertThat(grid.effect(layer, head, position).value())
              .isCloseTo((patched - low) / (high - low), within(1e-4));
        }
      }
    }
  }

  @Test
  void keyValueHeadsAndPatternsAreSwept() {
    ContrastPair pair = pair(5, 3);
    PatchGrid keys =
        run(
            llama,
            PatchSweep.of(HookPoints.k(1), PatchDirection.NOISING, Axis.KEY_VALUE_HEAD),
            pair);
    assertThat(keys.effects()).hasSize(2);
    ActivationCache corrupted = cache(llama, pair.corrupted(), HookPoints.k(1));
    double high = metric(llama, pair.clean());
    double low = metric(llama, pair.corrupted());
    double patched =
        llama
            .forward(pair.clean())
            .at(HookPoints.k(1), Edits.patchFrom(corrupted, Selectors.kvHead(1)))
            .measure(METRIC)
            .metric()[0];
    assertThat(keys.effect(0, 1).value()).isCloseTo((patched - high) / (low - high), within(1e-4));

    PatchGrid pattern =
        run(
            llama,
            PatchSweep.of(
                HookPoints.pattern(2), PatchDirection.NOISING, Axis.HEAD, Axis.QUERY, Axis.KEY),
            pair);
    ActivationCache patterns = cache(llama, pair.corrupted(), HookPoints.pattern(2));
    double one =
        llama
            .forward(pair.clean())
            .at(
                HookPoints.pattern(2),
                Edits.patchFrom(patterns, Selectors.head(3), Selectors.query(4), Selectors.key(1)))
            .measure(METRIC)
            .metric()[0];
    assertThat(pattern.effect(0, 3, 4, 1).value())
        .isCloseTo((one - high) / (low - high), within(1e-4));
    assertThat(pattern.effect(0, 2, 1, 4).value()).isCloseTo(0, within(1e-4));
  }

  @Test
  void everyKindOfPointOfEveryModelIsTheSameAsOneRunForEach() {
    for (String name : RandomModels.names()) {
      try (DecoderModel model = RandomModels.create(name)) {
        ContrastPair pair = pair(6, 8);
        HookPoint<?>[] points =
            model.hookPoints().stream()
                .filter(point -> point.layer() != 1)
                .toArray(HookPoint<?>[]::new);
        ActivationCache clean = model.forward(pair.clean()).cache(points).execute().cache();
        double low = metric(model, pair.corrupted());
        double high = metric(model, pair.clean());
        for (HookPoint<?> point : points) {
          double patched =
              model
                  .forward(pair.corrupted())
                  .with(Edits.patchFrom(point, clean))
                  .measure(METRIC)
                  .metric()[0];
          assertThat(
                  run(model, PatchSweep.of(point, PatchDirection.DENOISING), pair)
                      .effect(0)
                      .value())
              .as("%s of %s", point, name)
              .isCloseTo((patched - low) / (high - low), within(1e-4));
        }
      }
    }
  }

  @Test
  void whatTheModelChangesEverywhereIsInEveryRun() {
    ContrastPair a = pair(6, 1);
    ContrastPair b = pair(6, 2);
    float[] added = new float[32];
    for (int i = 0; i < added.length; i++) {
      added[i] = (float) Math.sin(i);
    }
    HookedModel changed =
        gpt2.with(
            Edits.scale(HookPoints.mlpOut(0), 0.5),
            Edits.add(HookPoints.residPre(1), Values.vector(added), 1),
            Edits.zero(HookPoints.z(2), Selectors.head(1)));
    PatchGrid grid =
        ActivationPatching.run(
            changed,
            PatchSweep.of(HookPoints.attnOut(Layers.all()), PatchDirection.NOISING, Axis.POSITION),
            List.of(a, b),
            CancellationToken.none());
    for (int layer = 0; layer < 3; layer++) {
      for (int position = 0; position < 6; position++) {
        double change = 0;
        double range = 0;
        for (ContrastPair pair : List.of(a, b)) {
          ActivationCache corrupted =
              changed.forward(pair.corrupted()).cache(HookPoints.attnOut(layer)).execute().cache();
          double high = changed.forward(pair.clean()).measure(METRIC).metric()[0];
          change +=
              changed
                      .forward(pair.clean())
                      .with(
                          Edits.patchFrom(
                              HookPoints.attnOut(layer), corrupted, Selectors.pos(position)))
                      .measure(METRIC)
                      .metric()[0]
                  - high;
          range += changed.forward(pair.corrupted()).measure(METRIC).metric()[0] - high;
        }
        assertThat(grid.effect(layer, position).value()).isCloseTo(change / range, within(1e-4));
      }
    }
  }

  @Test
  void scoresAreSweptThoughSomeAreHidden() {
    PatchGrid grid =
        run(
            gpt2,
            PatchSweep.of(HookPoints.attnScores(0), PatchDirection.DENOISING, Axis.HEAD),
            pair(5, 3));
    assertThat(grid.effects()).allMatch(effect -> Double.isFinite(effect.value()));
  }

  @Test
  void everythingPatchedIsTheSourceRun() {
    for (String name : List.of("gpt2", "neox", "gemma2")) {
      try (DecoderModel model = RandomModels.create(name)) {
        for (PatchDirection direction : PatchDirection.values()) {
          PatchGrid grid =
              run(model, PatchSweep.of(HookPoints.residPre(0), direction), pair(6, 2), pair(4, 9));
          assertThat(grid.effect(0).value()).isCloseTo(1, within(1e-4));
        }
      }
    }
  }

  @Test
  void equalActivationsHaveNoEffect() {
    PatchGrid grid =
        run(
            gpt2,
            PatchSweep.of(HookPoints.residPre(0), PatchDirection.DENOISING, Axis.POSITION),
            pair(6, 4));
    for (int position : new int[] {0, 2, 3, 5}) {
      assertThat(grid.effect(0, position).value()).isCloseTo(0, within(1e-4));
    }
    assertThat(grid.effect(0, 1).value()).isNotCloseTo(0, within(1e-3));
  }

  @Test
  void batchesDoNotMatterAndPairsCountByRatioOfMeans() {
    ContrastPair a = pair(6, 5);
    ContrastPair b = pair(6, 6);
    ContrastPair c = pair(6, 7);
    HookPointSet<?> points = HookPoints.mlpOut(Layers.layers(0, 2));
    PatchGrid wide =
        run(gpt2, PatchSweep.of(points, PatchDirection.DENOISING, Axis.POSITION), a, b, c);
    PatchGrid narrow =
        run(
            gpt2,
            new PatchSweep(
                points, List.of(Axis.POSITION), PatchDirection.DENOISING, 2, Bootstrap.seeded(0)),
            a,
            b,
            c);
    double above = 0;
    double below = 0;
    for (ContrastPair pair : List.of(a, b, c)) {
      ActivationCache clean = cache(gpt2, pair.clean(), HookPoints.mlpOut(2));
      double low = metric(gpt2, pair.corrupted());
      above +=
          gpt2.forward(pair.corrupted())
                  .at(HookPoints.mlpOut(2), Edits.patchFrom(clean, Selectors.pos(4)))
                  .measure(METRIC)
                  .metric()[0]
              - low;
      below += metric(gpt2, pair.clean()) - low;
    }
    assertThat(wide.effect(1, 4).value()).isCloseTo(above / below, within(1e-4));
    for (int i = 0; i < wide.effects().size(); i++) {
      Estimate effect = wide.effects().get(i);
      assertThat(narrow.effects().get(i).value()).isCloseTo(effect.value(), within(1e-4));
      assertThat(effect.ciLow() > effect.value()).isFalse();
      assertThat(effect.n()).isEqualTo(3);
    }
    assertThat(wide.axes().get(0).labels()).containsExactly("0", "2");
    assertThat(wide.toTable().rows()).hasSize(12);
    assertThat(wide.section().charts()).hasSize(1);
    assertThat(wide.section().note()).contains("denoising").contains(gpt2.id());
  }

  @Test
  void wrongRequestsAreRefused() {
    TokenIds three = TokenIds.of(1, 2, 3);
    assertThatThrownBy(() -> new ContrastPair(three, TokenIds.of(1, 2), METRIC))
        .hasMessageContaining("equally many tokens, at least one, but have 3 and 2");
    assertThatThrownBy(
            () -> new ContrastPair(three, three, LogitMetric.each(List.of(METRIC, METRIC))))
        .hasMessageContaining("one row but has 2");
    PatchSweep byPosition = PatchSweep.of(HookPoints.z(0), PatchDirection.DENOISING, Axis.POSITION);
    assertThatThrownBy(() -> run(gpt2, byPosition, new ContrastPair(three, three, METRIC)))
        .hasMessageContaining("must differ between clean and corrupted");
    assertThatThrownBy(() -> run(gpt2, byPosition, pair(6, 1), pair(5, 2)))
        .hasMessageContaining("pair 0 has 6 and pair 1 has 5");
    assertThatThrownBy(() -> run(gpt2, byPosition)).hasMessageContaining("at least one pair");
    assertThatThrownBy(
            () ->
                run(
                    gpt2,
                    PatchSweep.of(HookPoints.z(0), PatchDirection.DENOISING, Axis.NEURON),
                    pair(6, 1)))
        .hasMessageContaining("axes of a sweep must be those of blocks.0.attn.hook_z");
    assertThatThrownBy(() -> PatchSweep.of(HookPoints.z(0), PatchDirection.DENOISING, Axis.BATCH))
        .hasMessageContaining("not the batch");
    assertThatThrownBy(
            () -> ActivationPatching.run(gpt2, byPosition, List.of(pair(6, 1)), () -> true))
        .isInstanceOf(CancelledException.class);
  }
}
