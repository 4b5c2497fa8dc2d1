package org.alignment4j.api.hook;

import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * What happens to the selected places of an array {@code x}. All but {@link Custom} are plain data,
 * so that an engine can compile them into its graph; {@code Zero}, {@code Scale}, {@code Add} and
 * {@code Replace} have the form {@code x' = where(selected, x * scale + offset, x)}.
 *
 * <p>Where values have axes, these are matched with those of the hook point from the last, and
 * repeated along the others. A positions axis longer than 1 is indexed by absolute position; an
 * engine refuses to run an edit that selects a position which the values lack.
 */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Edit {

  /** {@code x' = 0}. */
  record Zero() implements Edit {}

  /**
   * {@code x' = factor * x}.
   *
   * @param factor what to multiply by
   */
  record Scale(double factor) implements Edit {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when the factor is not finite
     */
    public Scale {
      requireFinite("factor", factor);
    }
  }

  /**
   * {@code x' = x + coefficient * values}.
   *
   * @param values what to add
   * @param coefficient what to multiply it by
   */
  record Add(Values values, double coefficient) implements Edit {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the coefficient is not finite
     */
    public Add {
      Objects.requireNonNull(values, "values");
      requireFinite("coefficient", coefficient);
    }
  }

  /**
   * {@code x' = values}.
   *
   * @param values what to put in place
   */
  record Replace(Values values) implements Edit {
    /** Checks that nothing is missing. */
    public Replace {
      Objects.requireNonNull(values, "values");
    }
  }

  /**
   * {@code x'} is what another run had at the same hook point: at the same place, or at one source
   * position. A cache of one sequence serves every sequence of the run; otherwise sequence for
   * sequence.
   *
   * @param cache the other run's activations; it must contain the hook point
   * @param sourcePosition the position to read from, negative from the end; empty for the same one
   */
  record PatchFrom(ActivationCache cache, OptionalInt sourcePosition) implements Edit {
    /** Checks that nothing is missing. */
    public PatchFrom {
      Objects.requireNonNull(cache, "cache");
      Objects.requireNonNull(sourcePosition, "sourcePosition");
    }
  }

  /**
   * {@code x' = x - (x . u) u} with {@code u = direction / |direction|}: removes one direction from
   * the vectors along the last axis (Arditi et al. 2024, equation 4).
   *
   * @param direction a vector as long as the last axis, not zero
   */
  record ProjectOut(Values direction) implements Edit {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when it is no vector, or its length is zero or not finite
     */
    public ProjectOut {
      if (direction.rank() != 1) {
        throw new IllegalArgumentException("direction must be a vector but was " + direction);
      }
      double squares = 0;
      for (float coordinate : direction.toArray()) {
        squares += (double) coordinate * coordinate;
      }
      if (!(squares > 0) || Double.isInfinite(squares)) {
        throw new IllegalArgumentException(
            "direction must have a positive, finite length but it was " + Math.sqrt(squares));
      }
    }
  }

  /**
   * {@code x' = x·weight + offset} for the vectors x along the last axis, as rows.
   *
   * @param weight {@code [d, d]}, inputs first
   * @param offset {@code [d]}
   */
  record Affine(Values weight, Values offset) implements Edit {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the shapes do not fit each other, or a number is not
     *     finite
     */
    public Affine {
      requireVector("offset", offset);
      requireMatrix("weight", weight, offset.size(), offset.size());
    }
  }

  /**
   * {@code x' = x + (x - center)·down·up} for the vectors x along the last axis, as rows: an affine
   * change of r dimensions. Erasure of a concept has this form (Belrose et al. 2023, theorem 4.3).
   *
   * @param center {@code [d]}
   * @param down {@code [d, r]}
   * @param up {@code [r, d]}
   */
  record LowRank(Values center, Values down, Values up) implements Edit {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the shapes do not fit each other, or a number is not
     *     finite
     */
    public LowRank {
      requireVector("center", center);
      int rank = down.rank() == 2 ? down.shape()[1] : 1;
      requireMatrix("down", down, center.size(), rank);
      requireMatrix("up", up, rank, center.size());
    }
  }

  /**
   * {@code x' = function(x)}: any Java function. The engine leaves its graph for it, so it is
   * slower than the other edits. A model that it changes has an id of its own on each build, unless
   * the function is {@linkplain ActivationFunction#named named}.
   *
   * @param function computes the new value
   */
  record Custom(ActivationFunction function) implements Edit {
    /** Checks that nothing is missing. */
    public Custom {
      Objects.requireNonNull(function, "function");
    }
  }

  private static void requireVector(String name, Values values) {
    if (values.rank() != 1) {
      throw new IllegalArgumentException(name + " must be a vector but was " + values);
    }
    requireFinite(name, values);
  }

  private static void requireMatrix(String name, Values values, int rows, int columns) {
    int[] shape = values.shape();
    if (shape.length != 2 || shape[0] != rows || shape[1] != columns) {
      throw new IllegalArgumentException(
          name + " must be a matrix of shape [" + rows + ", " + columns + "] but was " + values);
    }
    requireFinite(name, values);
  }

  private static void requireFinite(String name, Values values) {
    float[] numbers = values.toArray();
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        throw new IllegalArgumentException(
            name + " must be finite but element " + i + " was " + numbers[i]);
      }
    }
  }

  private static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite but was " + value);
    }
  }
}
