package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What becomes of the score of a completion that did not end by itself. Immutable and thread-safe.
 *
 * @param mode what is done
 * @param value the penalty, not negative, for {@link Mode#SUBTRACT}; the score for {@link
 *     Mode#REPLACE}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MissingEos(Mode mode, double value) {

  /** What is done to a score. */
  public enum Mode {
    /** A penalty is taken off it (TRL {@code missing_eos_penalty}). */
    SUBTRACT,
    /** It gives way to a fixed score (TL;DR recipe, alpaca_farm: −1). */
    REPLACE
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the value is not finite, or a negative penalty
   */
  public MissingEos {
    Objects.requireNonNull(mode, "mode");
    Settings.requireFinite("value", value);
    if (mode == Mode.SUBTRACT) {
      Settings.requireNotNegative("value", value);
    }
  }

  /**
   * Returns the form that takes a penalty off.
   *
   * @param penalty not negative; 1 is usual
   * @return the form
   * @throws IllegalArgumentException when the penalty is negative or not finite
   */
  public static MissingEos subtract(double penalty) {
    return new MissingEos(Mode.SUBTRACT, penalty);
  }

  /**
   * Returns the form that replaces the score.
   *
   * @param score finite; −1 is usual
   * @return the form
   * @throws IllegalArgumentException when the score is not finite
   */
  public static MissingEos replace(double score) {
    return new MissingEos(Mode.REPLACE, score);
  }

  /**
   * Applies the rule.
   *
   * @param scores score of each completion
   * @param ended whether each completion ends with one of the model's end tokens
   * @return new scores
   * @throws IllegalArgumentException when the lengths differ
   */
  public double[] apply(double[] scores, boolean[] ended) {
    if (scores.length != ended.length) {
      throw new IllegalArgumentException(
          "ended must be of %s completions but is of %s".formatted(scores.length, ended.length));
    }
    double[] out = scores.clone();
    for (int s = 0; s < out.length; s++) {
      if (!ended[s]) {
        out[s] = mode == Mode.SUBTRACT ? out[s] - value : value;
      }
    }
    return out;
  }
}
