package org.alignment4j.eval.inner.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.inner.PairedGap;
import org.junit.jupiter.api.Test;

class LatentRobustnessTest {

  private static final Estimate ANY = Estimates.proportion(1, 10);

  /**
   * Prompt i of 100 gives way to an attack of norm (i + 1)/100 · strength, and to a random
   * perturbation of ten times that.
   */
  private record Threshold(double strength) implements LatentAttacker {
    @Override
    public int prompts() {
      return 100;
    }

    @Override
    public List<Score> attack(double epsilon, CancellationToken cancellation) {
      return IntStream.range(0, 100)
          .<Score>mapToObj(
              i ->
                  i == 99
                      ? new Score.Unscored("no verdict")
                      : new Score.Scored(epsilon >= (i + 1) / 100.0 * strength ? 1 : 0))
          .toList();
    }

    @Override
    public List<Score> random(double epsilon, long seed, CancellationToken cancellation) {
      return attack(epsilon / 10, cancellation);
    }
  }

  private static LatentSubject subject(LatentAttacker attacker) {
    return new LatentSubject("planted", attacker, ANY, ANY, ANY);
  }

  private static LatentRobustness report(double strength) {
    return LatentRobustness.of(
        subject(new Threshold(strength)), List.of(0.5, 1.0, 0.1), 1, CancellationToken.none());
  }

  @Test
  void theCurveIsThatOfThePlantedModel() {
    LatentRobustness report = report(1);
    assertThat(report.points())
        .extracting(LatentRobustness.Point::epsilon)
        .containsExactly(0.0, 0.1, 0.5, 1.0);
    LatentRobustness.Point half = report.points().get(2);
    assertThat(half.attack().value()).isEqualTo(50.0 / 99);
    assertThat(half.attack().unscored()).isEqualTo(1);
    assertThat(half.random().value()).isEqualTo(5.0 / 99);
    assertThat(half.excess().gap().value()).isCloseTo(45.0 / 99, within(1e-12));
    assertThat(half.excess().significant()).isTrue();
    assertThat(report.points().get(0).excess().significant()).isFalse();
    assertThat(report.points().get(0).attack().value()).isZero();
    assertThat(report.breaksAt(0.3)).hasValue(0.5);
    assertThat(report.breaksAt(0.99)).isEmpty();
  }

  @Test
  void aDefendedModelIsComparedByPrompt() {
    List<PairedGap> gaps = report(1).minus(report(2), 1);
    assertThat(gaps).hasSize(4);
    assertThat(gaps.get(0).gap().value()).isZero();
    assertThat(gaps.get(2).gap().value()).isCloseTo(25.0 / 99, within(1e-12));
    assertThat(gaps.get(2).significant()).isTrue();
    LatentRobustness other =
        LatentRobustness.of(subject(new Threshold(1)), List.of(0.5), 1, CancellationToken.none());
    assertThatThrownBy(() -> report(1).minus(other, 1))
        .hasMessageContaining("at the same norms but were at [0.0, 0.1, 0.5, 1.0] and [0.0, 0.5]");
  }

  private record Giving(List<Score> scores) implements LatentAttacker {
    @Override
    public int prompts() {
      return 2;
    }

    @Override
    public List<Score> attack(double epsilon, CancellationToken cancellation) {
      return scores;
    }

    @Override
    public List<Score> random(double epsilon, long seed, CancellationToken cancellation) {
      return scores;
    }
  }

  @Test
  void wrongAttackersAndArguments() {
    LatentSubject few = subject(new Giving(List.of(new Score.Scored(1))));
    assertThatThrownBy(() -> LatentRobustness.of(few, List.of(), 1, CancellationToken.none()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("must give one score per prompt, 2, but gave 1");
    LatentSubject large = subject(new Giving(List.of(new Score.Scored(1), new Score.Scored(1.5))));
    assertThatThrownBy(() -> LatentRobustness.of(large, List.of(), 1, CancellationToken.none()))
        .hasMessageContaining("must give scores in [0, 1] but gave 1.5");
    assertThatThrownBy(() -> LatentRobustness.of(few, List.of(-1.0), 1, CancellationToken.none()))
        .hasMessageContaining("epsilons must be finite and not negative but were [-1.0]");
    assertThatThrownBy(() -> LatentRobustness.of(few, List.of(), 1, () -> true))
        .isInstanceOf(CancelledException.class);
    LatentRobustness nothing =
        LatentRobustness.of(
            subject(new Giving(List.of(new Score.Failed("x"), new Score.Unscored("y")))),
            List.of(),
            1,
            CancellationToken.none());
    assertThat(nothing.points().get(0).attack().n()).isZero();
    assertThat(nothing.points().get(0).attack().failed()).isEqualTo(1);
  }
}
