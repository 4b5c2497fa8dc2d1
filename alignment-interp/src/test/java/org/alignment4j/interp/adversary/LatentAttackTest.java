package org.alignment4j.interp.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The metric rises at every step, within the ball, further than by chance. */
class LatentAttackTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final List<TokenIds> SEQUENCES =
      List.of(RandomModels.tokens(7, 1), RandomModels.tokens(4, 2));
  private static final LogitMetric METRIC = LogitMetric.logProbability(9);
  private static final HookPoint<Axes.Residual> POINT = HookPoints.residPre(1);

  private static double norm(Values delta, int row, int position) {
    double squares = 0;
    for (int c = 0; c < 32; c++) {
      squares += Math.pow(delta.get(row, position, c), 2);
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#names")
  void theMetricRisesWithinTheBallFurtherThanByChance(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      LatentAttack attack = LatentAttack.of(POINT, 0.5, 10);
      LatentPerturbation found = attack.find(model, SEQUENCES, METRIC, NONE);
      assertThat(found.trace()).hasSize(11);
      double[] clean = model.forward(SEQUENCES).measure(METRIC).metric();
      double[] attacked =
          model.forward(SEQUENCES).with(found.intervention()).measure(METRIC).metric();
      for (int row = 0; row < 2; row++) {
        assertThat(found.trace().get(0)[row]).isCloseTo(clean[row], within(1e-6));
        assertThat(found.trace().get(10)[row]).isCloseTo(attacked[row], within(1e-6));
        for (int step = 1; step <= 10; step++) {
          assertThat(found.trace().get(step)[row])
              .isGreaterThanOrEqualTo(found.trace().get(step - 1)[row]);
        }
        for (int p = 0; p < 7; p++) {
          double norm = norm(found.delta(), row, p);
          assertThat(norm).isLessThanOrEqualTo(0.5);
          if (p >= SEQUENCES.get(row).size()) {
            assertThat(norm).as("at padding").isZero();
          }
        }
        assertThat(norm(found.delta(), row, SEQUENCES.get(row).size() - 1)).isPositive();
        double most = 0;
        for (int seed = 0; seed < 5; seed++) {
          LatentPerturbation random =
              attack.random(model, SEQUENCES, METRIC, new SplittableRandom(seed), NONE);
          assertThat(norm(random.delta(), 0, 3)).isCloseTo(0.5, within(1e-5));
          most = Math.max(most, random.gain(row));
        }
        assertThat(found.gain(row)).isGreaterThan(2 * most);
      }
    }
  }

  /** A short step raises the metric by its length times the gradients' norms. */
  @Test
  void aShortStepRisesAsTheGradientSays() {
    try (DecoderModel model = RandomModels.create("llama")) {
      double step = 2e-3;
      LatentPerturbation found =
          new LatentAttack(POINT, 1, 1, step).find(model, SEQUENCES, METRIC, NONE);
      Values gradient = model.forward(SEQUENCES).gradients(METRIC, POINT).gradients().values(POINT);
      for (int row = 0; row < 2; row++) {
        double expected = 0;
        for (int p = 0; p < 7; p++) {
          expected += step * norm(gradient, row, p);
        }
        assertThat(found.gain(row)).isCloseTo(expected, within(0.05 * expected));
      }
    }
  }

  /** From where a step failed the same step would fail again; only a shorter one can rise. */
  @Test
  void afterAStepThatFailsAShorterOneRises() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      LatentPerturbation found =
          new LatentAttack(POINT, 40, 24, 80).find(model, SEQUENCES, METRIC, NONE);
      for (int row = 0; row < 2; row++) {
        int failed = 0;
        int recovered = 0;
        for (int step = 1; step < found.trace().size() - 1; step++) {
          double before = found.trace().get(step - 1)[row];
          double here = found.trace().get(step)[row];
          failed += here == before ? 1 : 0;
          recovered += here == before && found.trace().get(step + 1)[row] > here ? 1 : 0;
        }
        assertThat(failed).as("steps that failed in sequence %s", row).isPositive();
        assertThat(recovered).as("rises after them in sequence %s", row).isPositive();
      }
    }
  }

  @Test
  void aWiderBallAllowsMoreAndEditedViewsAreAttackedAsTheyAre() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      LatentPerturbation narrow =
          LatentAttack.of(POINT, 0.2, 8).find(model, SEQUENCES, METRIC, NONE);
      LatentPerturbation wide = LatentAttack.of(POINT, 1, 8).find(model, SEQUENCES, METRIC, NONE);
      assertThat(wide.gain(0)).isGreaterThan(narrow.gain(0));
      HookedModel view = model.with(Edits.scale(HookPoints.mlpOut(1), 0));
      LatentPerturbation ofView = LatentAttack.of(POINT, 1, 8).find(view, SEQUENCES, METRIC, NONE);
      assertThat(ofView.trace().get(0)[0])
          .isCloseTo(view.forward(SEQUENCES).measure(METRIC).metric()[0], within(1e-6));
      assertThat(ofView.gain(0)).isPositive();
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> LatentAttack.of(POINT, -1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("radius must be positive and finite but was -1.0");
    assertThatThrownBy(() -> LatentAttack.of(POINT, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be at least 1 but was 0");
    assertThatThrownBy(() -> new LatentAttack(POINT, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stepSize must be positive and finite but was 0.0");
    try (DecoderModel model = RandomModels.create("neox")) {
      LatentAttack absent = LatentAttack.of(HookPoints.residMid(0), 1, 1);
      assertThatThrownBy(() -> absent.find(model, SEQUENCES, METRIC, NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blocks.0.hook_resid_mid");
      LatentAttack attack = LatentAttack.of(POINT, 1, 1);
      assertThatThrownBy(() -> attack.find(model, SEQUENCES, LogitMetric.logProbability(99), NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("99");
      assertThatThrownBy(() -> attack.find(model, SEQUENCES, METRIC, () -> true))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("latent attack");
      LatentPerturbation found = attack.find(model, SEQUENCES, METRIC, NONE);
      List<TokenIds> longer = List.of(RandomModels.tokens(9, 1), RandomModels.tokens(4, 2));
      assertThatThrownBy(() -> model.forward(longer).with(found.intervention()).measure(METRIC))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must cover every selected position");
    }
  }
}
