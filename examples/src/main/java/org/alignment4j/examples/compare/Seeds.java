package org.alignment4j.examples.compare;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Consecutive seeds.
 *
 * @param first the lowest
 * @param count how many
 */
public record Seeds(long first, int count) {

  /**
   * Checks that there is one.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Seeds {
    if (count < 1) {
      throw new IllegalArgumentException("seeds must be at least 1 but were " + count);
    }
  }

  /**
   * Seeds from 1.
   *
   * @param count how many
   * @throws IllegalArgumentException when it is below 1
   */
  public static Seeds first(int count) {
    return new Seeds(1, count);
  }

  List<Long> list() {
    return LongStream.range(first, first + count).boxed().toList();
  }

  @Override
  public String toString() {
    return count == 1 ? Long.toString(first) : first + " to " + (first + count - 1);
  }
}
