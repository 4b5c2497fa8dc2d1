package org.alignment4j.interp.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.NaiveGpt2;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class PathPatchingTest {

  private static final List<HeadPath> RECEIVERS =
      List.of(
          new HeadPath(HeadPath.Port.QUERY, 1, 2),
          new HeadPath(HeadPath.Port.QUERY, 2, 1),
          new HeadPath(HeadPath.Port.QUERY, 2, 3),
          new HeadPath(HeadPath.Port.KEY, 2, 1),
          new HeadPath(HeadPath.Port.VALUE, 2, 0));

  private static PathPatching patching(
      PathPatching.NormForm norm, PatchDirection direction, int rows) {
    return new PathPatching(RECEIVERS, norm, direction, rows, Bootstrap.seeded(1));
  }

  private static double metric(NaiveGpt2.Run run) {
    double[] last = run.logits()[run.logits().length - 1];
    return last[5] - last[7];
  }

  @Test
  void exactFormIsThatOfLoopsOverDoubles() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      ContrastPair pair = ActivationPatchingTest.pair(6, 1);
      PatchGrid grid =
          patching(PathPatching.NormForm.RECOMPUTED, PatchDirection.NOISING, 5)
              .run(model, List.of(pair), CancellationToken.none());
      NaiveGpt2 naive = new NaiveGpt2(model);
      NaiveGpt2.Run corrupted = naive.run(pair.corrupted().toArray());
      double high = metric(naive.run(pair.clean().toArray()));
      double low = metric(corrupted);
      for (int layer = 0; layer < 3; layer++) {
        for (int head = 0; head < 4; head++) {
          double[][] share = new double[naive.ports()][naive.sources()];
          for (HeadPath receiver : RECEIVERS) {
            if (receiver.layer() > layer) {
              int port = receiver.layer() * 13 + receiver.port().ordinal() * 4 + receiver.head();
              share[port][1 + layer * 5 + head] = 1;
            }
          }
          double patched =
              metric(
                  naive.run(
                      pair.clean().toArray(), corrupted.sources(), share, (l, p, h, t) -> null));
          assertThat(grid.effect(layer, head).value())
              .as("%s.%s", layer, head)
              .isCloseTo((patched - high) / (low - high), within(1e-4));
        }
      }
      assertThat(grid.effect(2, 1).value()).isEqualTo(0);
      assertThat(Math.abs(grid.effect(0, 1).value())).isGreaterThan(1e-3);
    }
  }

  @Test
  void frozenFormIsThatOfLoopsOverDoubles() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      ContrastPair pair = ActivationPatchingTest.pair(6, 1);
      ContrastPair second = ActivationPatchingTest.pair(6, 2);
      PatchGrid grid =
          patching(PathPatching.NormForm.FROZEN_SCALE, PatchDirection.DENOISING, 3)
              .run(model, List.of(pair, second), CancellationToken.none());
      NaiveGpt2 naive = new NaiveGpt2(model);
      for (int layer = 0; layer < 3; layer++) {
        for (int head = 0; head < 4; head++) {
          double above = 0;
          double below = 0;
          for (ContrastPair each : List.of(pair, second)) {
            double low = metric(naive.run(each.corrupted().toArray()));
            above += frozen(naive, each, layer, head) - low;
            below += metric(naive.run(each.clean().toArray())) - low;
          }
          assertThat(grid.effect(layer, head).value())
              .as("%s.%s", layer, head)
              .isCloseTo(above / below, within(2e-4));
        }
      }
    }
  }

  private static double frozen(NaiveGpt2 naive, ContrastPair pair, int layer, int head) {
    NaiveGpt2.Run base = naive.run(pair.corrupted().toArray());
    NaiveGpt2.Run source = naive.run(pair.clean().toArray());
    int sender = 1 + layer * 5 + head;
    NaiveGpt2.Addition addition =
        (l, p, h, t) -> {
          boolean receives =
              l > layer && RECEIVERS.contains(new HeadPath(HeadPath.Port.values()[p], l, h));
          if (!receives) {
            return null;
          }
          double[] stream = new double[naive.width];
          double[] change = new double[naive.width];
          for (int i = 0; i < naive.width; i++) {
            for (int s = 0; s < 1 + l * 5; s++) {
              stream[i] += base.sources()[s][t][i];
            }
            for (int before = 0; before < l; before++) {
              stream[i] += naive.vector("h." + before + ".attn.c_proj.bias")[i];
            }
            change[i] = source.sources()[sender][t][i] - base.sources()[sender][t][i];
          }
          double scale = NaiveGpt2.scale(NaiveGpt2.centred(stream));
          double[] weight = naive.vector("h." + l + ".ln_1.weight");
          double[] normalised = NaiveGpt2.centred(change);
          for (int i = 0; i < naive.width; i++) {
            normalised[i] *= weight[i] / scale;
          }
          return naive.project(l, p, h, normalised);
        };
    return metric(naive.run(pair.corrupted().toArray(), null, null, addition));
  }

  @Test
  void runsOnGroupedHeadsAndRootMeanSquares() {
    try (DecoderModel model = RandomModels.create("llama")) {
      PathPatching patching =
          new PathPatching(
              List.of(new HeadPath(HeadPath.Port.VALUE, 2, 1)),
              PathPatching.NormForm.FROZEN_SCALE,
              PatchDirection.NOISING,
              8,
              Bootstrap.seeded(1));
      PatchGrid grid =
          patching.run(model, List.of(ActivationPatchingTest.pair(6, 3)), CancellationToken.none());
      assertThat(grid.effects()).hasSize(12);
      assertThat(Math.abs(grid.effect(1, 1).value())).isGreaterThan(1e-5);
      assertThat(grid.effect(2, 0).value()).isEqualTo(0);
    }
  }

  @Test
  void wrongRequestsAreRefused() {
    try (DecoderModel gemma = RandomModels.create("gemma2");
        DecoderModel llama = RandomModels.create("llama")) {
      List<ContrastPair> pairs = List.of(ActivationPatchingTest.pair(6, 3));
      PathPatching many =
          new PathPatching(
              List.of(new HeadPath(HeadPath.Port.KEY, 2, 3)),
              PathPatching.NormForm.RECOMPUTED,
              PatchDirection.NOISING,
              8,
              Bootstrap.seeded(1));
      assertThatThrownBy(() -> many.run(gemma, pairs, CancellationToken.none()))
          .hasMessageContaining("normalises it on the way: AROUND");
      assertThatThrownBy(() -> many.run(llama, pairs, CancellationToken.none()))
          .hasMessageContaining("3 layers of 2 heads but one was");
      assertThatThrownBy(
              () ->
                  new PathPatching(
                      List.of(),
                      PathPatching.NormForm.RECOMPUTED,
                      PatchDirection.NOISING,
                      8,
                      Bootstrap.seeded(1)))
          .hasMessageContaining("at least one receiver");
      PathPatching first =
          new PathPatching(
              List.of(new HeadPath(HeadPath.Port.QUERY, 0, 1)),
              PathPatching.NormForm.RECOMPUTED,
              PatchDirection.NOISING,
              8,
              Bootstrap.seeded(1));
      assertThatThrownBy(() -> first.run(llama, pairs, CancellationToken.none()))
          .hasMessageContaining("heads in layers before its own but all are in layer 0")
          .hasMessageContaining("L0H1's queries");
      assertThatThrownBy(() -> new HeadPath(HeadPath.Port.KEY, -1, 0))
          .hasMessageContaining("must not be negative");
    }
  }
}
