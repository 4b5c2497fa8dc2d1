package org.alignment4j.interp.feature.train;

import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * Activations in chunks, without end: a pure function of the chunk's number, so that a run that is
 * resumed sees what it would have seen. Safe for use by one run at a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ActivationSource {

  /**
   * Returns the length of an input.
   *
   * @return at least 1
   */
  int inputSize();

  /**
   * Returns the length of a target that follows each input.
   *
   * @return 0 where inputs are their own targets
   */
  int targetSize();

  /**
   * Returns the most rows of a chunk.
   *
   * @return at least 1
   */
  int maxRows();

  /**
   * Returns a chunk.
   *
   * @param number from 0
   * @param cancellation asks to stop
   * @return rows of {@code inputSize() + targetSize()} finite numbers, at most {@link #maxRows()}
   *     of them; a new array
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  float[] chunk(long number, CancellationToken cancellation);

  /**
   * Returns what decides the activations, to be compared when a run is resumed.
   *
   * @return values by name
   */
  Map<String, String> description();

  /**
   * Returns a source of rows that are there, over and over in their order.
   *
   * @param rows {@code [n, size]} in row-major order; copied
   * @param size length of a row
   * @param chunkRows rows of a chunk
   * @return the source
   * @throws IllegalArgumentException when there is no row, the rows are not whole, a number is not
   *     finite or a chunk has no row
   */
  static ActivationSource of(float[] rows, int size, int chunkRows) {
    return new GivenActivations(rows, size, 0, chunkRows);
  }

  /**
   * Returns a source of inputs and targets that are there, over and over in their order.
   *
   * @param rows {@code [n, inputSize + targetSize]} in row-major order; copied
   * @param inputSize length of an input
   * @param targetSize length of a target
   * @param chunkRows rows of a chunk
   * @return the source
   * @throws IllegalArgumentException when there is no row, the rows are not whole, a number is not
   *     finite or a chunk has no row
   */
  static ActivationSource ofPairs(float[] rows, int inputSize, int targetSize, int chunkRows) {
    return new GivenActivations(rows, inputSize, targetSize, chunkRows);
  }
}
