package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class KlControllerProperties {

  @Property(tries = 200)
  void adaptiveFollowsTheFormulaAndStaysPositive(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.1, max = 20) double target,
      @ForAll @DoubleRange(min = -5, max = 100) double kl,
      @ForAll @IntRange(min = 1, max = 40_000) int sequences) {
    double horizon = 10_000;
    double next =
        new AdaptiveKlController(beta, target, horizon).after(kl, sequences).coefficient();
    double raw = kl / target - 1;
    double error = raw > 0.2 ? 0.2 : raw < -0.2 ? -0.2 : raw;
    double share = sequences > horizon ? 1 : sequences / horizon;
    assertThat(next).isCloseTo(beta * (1 + error * share), within(1e-12)).isPositive();
    assertThat(Math.abs(next / beta - 1)).isLessThanOrEqualTo(0.2 * share + 1e-12);
  }

  @Property(tries = 50)
  void targetIsTheFixedPoint(
      @ForAll @DoubleRange(min = 0.1, max = 20) double target,
      @ForAll @IntRange(min = 1, max = 40_000) int sequences) {
    for (KlController controller :
        List.of(
            new AdaptiveKlController(0.2, target, 10_000),
            new ProportionalKlController(0.2, target, 0.1))) {
      assertThat(controller.after(target, sequences).coefficient()).isEqualTo(0.2);
      assertThat(controller.after(2 * target, sequences).coefficient()).isGreaterThan(0.2);
      assertThat(controller.after(0, sequences).coefficient()).isLessThan(0.2);
    }
  }

  @Example
  void proportionalDoesNotDependOnTheNumberOfSequences() {
    KlController controller = new ProportionalKlController(0.5, 4, 0.1);
    assertThat(controller.after(5, 1).coefficient()).isCloseTo(0.5 * 1.02, within(1e-15));
    assertThat(controller.after(4.4, 999).coefficient()).isCloseTo(0.5 * 1.01, within(1e-15));
    assertThat(controller.after(-9, 3).coefficient()).isCloseTo(0.5 * 0.98, within(1e-15));
  }

  @Example
  void fixedStays() {
    KlController controller = KlController.fixed(0.05);
    assertThat(controller.after(77, 3)).isEqualTo(controller);
    assertThat(controller.restored(controller.state())).isEqualTo(controller);
  }

  @Property(tries = 50)
  void stateGoesRound(@ForAll @DoubleRange(min = 0, max = 30) double kl) {
    for (KlController fresh :
        List.of(KlController.adaptive(), new ProportionalKlController(0.2, 6, 0.1))) {
      KlController moved = fresh.after(kl, 512).after(kl / 2, 512);
      KlController back = fresh.restored(moved.state());
      assertThat(back).isEqualTo(moved);
      assertThat(back.after(3, 64)).isEqualTo(moved.after(3, 64));
    }
  }

  @Example
  void refusals() {
    assertThatThrownBy(() -> new AdaptiveKlController(0.2, 0, 1e4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target must be positive and finite but was 0.0");
    assertThatThrownBy(() -> new ProportionalKlController(0.2, 6, 2))
        .hasMessage("gain must be in [0, 1] but was 2.0");
    assertThatThrownBy(() -> KlController.adaptive().after(Double.NaN, 2))
        .hasMessage("kl must be finite but was NaN");
    assertThatThrownBy(() -> KlController.fixed(0).after(1, 0))
        .hasMessage("sequences must be at least 1 but was 0");
    assertThatThrownBy(() -> KlController.adaptive().restored(Map.of()))
        .hasMessageContaining("state must have 'coefficient'");
    assertThatThrownBy(
            () -> KlController.adaptive().restored(Map.of("coefficient", List.of(Double.NaN))))
        .hasMessageContaining("must be one finite number");
  }
}
