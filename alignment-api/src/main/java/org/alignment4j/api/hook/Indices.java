package org.alignment4j.api.hook;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Places along one axis. A negative number counts from the end: -1 is the last place. Along
 * positions, the end is that of each sequence's own prompt, padding excluded, also while the model
 * generates beyond it.
 */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Indices {

  /**
   * Returns whether a place is among these.
   *
   * @param index the place, from 0; along positions it may lie beyond {@code length}
   * @param length places along the axis; along positions, the length of the prompt
   * @return true when it is selected
   */
  boolean contains(int index, int length);

  /**
   * Checks that every named place exists.
   *
   * @param axis the axis, for the message
   * @param length places along the axis
   * @throws IllegalArgumentException when a place lies outside
   */
  void requireWithin(Axis axis, int length);

  /**
   * Returns named places.
   *
   * @param indices at least one place
   * @return these places
   * @throws IllegalArgumentException when there is none
   */
  static Indices of(int... indices) {
    return new Listed(Arrays.stream(indices).boxed().toList());
  }

  /**
   * Returns all places from one on, generated ones included.
   *
   * @param first the first place
   * @return these places
   */
  static Indices from(int first) {
    return new From(first);
  }

  /**
   * Named places.
   *
   * @param indices the places, at least one
   */
  record Listed(List<Integer> indices) implements Indices {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when there is no place
     */
    public Listed {
      indices = List.copyOf(indices);
      if (indices.isEmpty()) {
        throw new IllegalArgumentException("indices must name at least one place");
      }
    }

    @Override
    public boolean contains(int index, int length) {
      for (int named : indices) {
        if (index == (named < 0 ? named + length : named)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void requireWithin(Axis axis, int length) {
      for (int named : indices) {
        requirePlace(axis, named, length);
      }
    }
  }

  /**
   * All places from one on.
   *
   * @param first the first place
   */
  record From(int first) implements Indices {
    @Override
    public boolean contains(int index, int length) {
      return index >= (first < 0 ? first + length : first);
    }

    @Override
    public void requireWithin(Axis axis, int length) {
      requirePlace(axis, first, length);
    }
  }

  private static void requirePlace(Axis axis, int place, int length) {
    Objects.requireNonNull(axis, "axis");
    if (place < -length || place >= length) {
      throw new IllegalArgumentException(
          axis.label() + " must be in [" + -length + ", " + (length - 1) + "] but was " + place);
    }
  }
}
