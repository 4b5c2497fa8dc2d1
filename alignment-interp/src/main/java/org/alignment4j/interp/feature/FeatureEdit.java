package org.alignment4j.interp.feature;

import org.apiguardian.api.API;

/** What happens to the activation {@code f} of one feature wherever it is computed. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface FeatureEdit {

  /**
   * Returns which feature is changed.
   *
   * @return its index
   */
  int feature();

  /**
   * Computes the new activation.
   *
   * @param activation the present one, not negative
   * @return the new one
   */
  float apply(float activation);

  /**
   * {@code f' = value}.
   *
   * @param feature which feature
   * @param value the new activation; 0 ablates it
   */
  record Put(int feature, float value) implements FeatureEdit {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when it is not finite
     */
    public Put {
      requireFinite("value", value);
    }

    @Override
    public float apply(float activation) {
      return value;
    }
  }

  /**
   * {@code f' = factor · f}.
   *
   * @param feature which feature
   * @param factor what to multiply by
   */
  record Multiply(int feature, float factor) implements FeatureEdit {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when it is not finite
     */
    public Multiply {
      requireFinite("factor", factor);
    }

    @Override
    public float apply(float activation) {
      return factor * activation;
    }
  }

  /**
   * {@code f' = f + amount}.
   *
   * @param feature which feature
   * @param amount what to add
   */
  record Add(int feature, float amount) implements FeatureEdit {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when it is not finite
     */
    public Add {
      requireFinite("amount", amount);
    }

    @Override
    public float apply(float activation) {
      return activation + amount;
    }
  }

  private static void requireFinite(String name, float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite but was " + value);
    }
  }
}
