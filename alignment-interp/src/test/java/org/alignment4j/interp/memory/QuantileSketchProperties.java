package org.alignment4j.interp.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class QuantileSketchProperties {

  @Property(tries = 150)
  void quantilesAreWithinTheRelativeError(
      @ForAll @IntRange(min = 1, max = 400) int count,
      @ForAll @IntRange(min = 0, max = 8) int spread,
      @ForAll @DoubleRange(min = 0, max = 1) double level,
      @ForAll long seed) {
    Random random = new Random(seed);
    QuantileSketch sketch = new QuantileSketch(0.02);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double magnitude = Math.exp(spread * random.nextGaussian());
      values[i] = random.nextInt(4) == 0 ? 0 : random.nextBoolean() ? magnitude : -magnitude;
      sketch.add(values[i]);
    }
    Arrays.sort(values);
    double exact = values[(int) Math.floor(level * (count - 1))];
    assertThat(sketch.count()).isEqualTo(count);
    assertThat(sketch.quantile(level))
        .isCloseTo(exact, within(0.02 * Math.abs(exact) * (1 + 1e-9) + QuantileSketch.LEAST));
  }

  @Example
  void edges() {
    QuantileSketch sketch = new QuantileSketch(0.01);
    assertThat(sketch.quantile(0.5)).isNaN();
    sketch.add(-3);
    sketch.add(1e-12);
    sketch.add(5e6);
    assertThat(sketch.quantile(0)).isCloseTo(-3, within(0.03));
    assertThat(sketch.quantile(0.5)).isZero();
    assertThat(sketch.quantile(1)).isCloseTo(5e6, within(5e4));
    assertThatThrownBy(() -> sketch.add(Double.NaN)).hasMessage("value must be finite but was NaN");
    assertThatThrownBy(() -> sketch.quantile(1.5))
        .hasMessage("level must be in [0, 1] but was 1.5");
    assertThatThrownBy(() -> new QuantileSketch(0))
        .hasMessage("relativeError must be in (0, 1) but was 0.0");
  }
}
