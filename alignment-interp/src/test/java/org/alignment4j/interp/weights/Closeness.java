package org.alignment4j.interp.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Compares long arrays element by element. */
public final class Closeness {

  private Closeness() {}

  /** Fails where two arrays differ in length, or two elements by more than a bound. */
  public static void assertClose(String what, double[] actual, double[] expected, double bound) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= bound)) {
        assertThat(actual[i]).as("%s, element %s", what, i).isCloseTo(expected[i], within(bound));
      }
    }
  }
}
