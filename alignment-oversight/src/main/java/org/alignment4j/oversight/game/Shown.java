package org.alignment4j.oversight.game;

import java.util.Arrays;
import org.apiguardian.api.API;

/** Features that were shown, in the order in which they were. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Shown {
  private final int[] features;
  private final double[] values;

  private Shown(int[] features, double[] values) {
    this.features = features;
    this.values = values;
  }

  /** Returns a position in which nothing is shown. */
  public static Shown nothing() {
    return new Shown(new int[0], new double[0]);
  }

  /**
   * Returns this position with one more feature.
   *
   * @param feature its index
   * @param value its value
   * @throws IllegalArgumentException if it is shown already
   */
  public Shown with(int feature, double value) {
    if (shows(feature)) {
      throw new IllegalArgumentException("feature " + feature + " must not be shown twice");
    }
    int[] more = Arrays.copyOf(features, features.length + 1);
    double[] moreValues = Arrays.copyOf(values, values.length + 1);
    more[features.length] = feature;
    moreValues[values.length] = value;
    return new Shown(more, moreValues);
  }

  /** How many features are shown. */
  public int count() {
    return features.length;
  }

  /** The index of the {@code i}-th feature shown. */
  public int feature(int i) {
    return features[i];
  }

  /** The value of the {@code i}-th feature shown. */
  public double value(int i) {
    return values[i];
  }

  /** Whether a feature is shown. */
  public boolean shows(int feature) {
    for (int shown : features) {
      if (shown == feature) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shown shown
        && Arrays.equals(features, shown.features)
        && Arrays.equals(values, shown.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(features) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Shown" + Arrays.toString(features);
  }
}
