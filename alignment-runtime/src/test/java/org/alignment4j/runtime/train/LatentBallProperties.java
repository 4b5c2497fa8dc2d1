package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Steps of ascent stay in the ball and go where the gradient points. */
class LatentBallProperties {

  private static float[] random(int count, double size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return values;
  }

  @Property
  void stepsStayInTheBall(
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @DoubleRange(min = 0.01, max = 1000) double radius,
      @ForAll @DoubleRange(min = 0.01, max = 1000) double step,
      @ForAll long seed) {
    LatentBall ball = new LatentBall(width, radius);
    float[] delta = new float[4 * width];
    for (int i = 0; i < 5; i++) {
      float[] before = delta.clone();
      float[] gradient = random(delta.length, 1, seed + i);
      for (int j = width; j < 2 * width; j++) {
        gradient[j] = 0;
      }
      ball.ascend(delta, gradient, step);
      assertThat(ball.longest(delta)).isLessThanOrEqualTo(radius);
      double risen = 0;
      for (int j = 0; j < width; j++) {
        risen += (double) (delta[j] - before[j]) * gradient[j];
        assertThat(delta[width + j]).as("without a gradient").isZero();
      }
      assertThat(risen).as("a linear loss never falls").isGreaterThanOrEqualTo(-1e-5 * radius * 9);
    }
  }

  @Property
  void randomStartsLieOnTheSphere(
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @DoubleRange(min = 0.01, max = 1000) double radius,
      @ForAll long seed) {
    LatentBall ball = new LatentBall(width, radius);
    float[] one = new float[width];
    ball.fillSphere(one, new SplittableRandom(seed));
    assertThat(ball.longest(one)).isCloseTo(radius, within(1e-5 * radius));
    assertThat(ball.longest(one)).isLessThanOrEqualTo(radius);
  }

  @Example
  void aStepHasItsLengthInsideTheBall() {
    float[] delta = {0, 0, 3, 4};
    new LatentBall(2, 5).ascend(delta, new float[] {0, 2, 3, 4}, 0.5);
    assertThat(delta[0]).isZero();
    assertThat(delta[1]).isEqualTo(0.5f);
    assertThat(delta[2]).isCloseTo(3, within(1e-4f));
    assertThat(delta[3]).isCloseTo(4, within(1e-4f));
  }

  @Example
  void refusesWhatIsNoBallAndNoVector() {
    assertThatThrownBy(() -> new LatentBall(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width must be at least 1 but was 0");
    assertThatThrownBy(() -> new LatentBall(2, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("radius must be positive and finite but was NaN");
    assertThatThrownBy(() -> new LatentBall(2, 1).ascend(new float[4], new float[2], 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("as many but were 4 and 2");
    assertThatThrownBy(() -> new LatentBall(2, 1).fillSphere(new float[3], new SplittableRandom()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was 3");
  }
}
