package org.alignment4j.interp.feature;

import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * The activations of a run at one hook point as rows {@code [batch · positions, size]}: the axes
 * after the position are flattened. Rows of padding hold what is not specified.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HookRows {
  private final float[] data;
  private final int size;
  private final int positions;
  private final List<TokenIds> sequences;

  private HookRows(float[] data, int size, int positions, List<TokenIds> sequences) {
    this.data = data;
    this.size = size;
    this.positions = positions;
    this.sequences = sequences;
  }

  /** Says of a token whether its row is wanted. */
  @FunctionalInterface
  public interface Mark {
    /**
     * Decides.
     *
     * @param sequence the sequence, from 0
     * @param position the position in it, never padding
     * @return whether the row is wanted
     */
    boolean at(int sequence, int position);
  }

  /**
   * Returns the rows of a point.
   *
   * @param cache keeps the point
   * @param point the hook point
   * @return its rows
   */
  public static HookRows of(ActivationCache cache, HookPoint<?> point) {
    Values values = cache.values(point);
    int[] shape = values.shape();
    int size = values.size() / (shape[0] * shape[1]);
    return new HookRows(values.toArray(), size, shape[1], cache.tokens());
  }

  /**
   * Returns the rows of a point whose size is known.
   *
   * @param cache keeps the point
   * @param point the hook point
   * @param size length of a row
   * @return its rows
   * @throws IllegalArgumentException when they have another length
   */
  public static HookRows of(ActivationCache cache, HookPoint<?> point, int size) {
    HookRows rows = of(cache, point);
    if (rows.size != size) {
      throw new IllegalArgumentException(
          "vectors at "
              + point
              + " must have the "
              + size
              + " numbers of the sparse autoencoder but have "
              + rows.size
              + "; use it with the model it was trained on");
    }
    return rows;
  }

  /**
   * Returns all rows, those of padding included.
   *
   * @return {@code [batch · positions, size]}, shared, not copied
   */
  public float[] data() {
    return data;
  }

  /**
   * Returns the length of a row.
   *
   * @return numbers of one row
   */
  public int size() {
    return size;
  }

  int positions() {
    return positions;
  }

  /** The rows that are no padding. */
  boolean[] real() {
    return marked((sequence, position) -> true);
  }

  /**
   * Marks rows.
   *
   * @param wanted which rows to mark; never asked of padding
   * @return one mark for each row
   */
  public boolean[] marked(Mark wanted) {
    boolean[] marks = new boolean[sequences.size() * positions];
    for (int sequence = 0; sequence < sequences.size(); sequence++) {
      for (int position = 0; position < sequences.get(sequence).size(); position++) {
        marks[sequence * positions + position] = wanted.at(sequence, position);
      }
    }
    return marks;
  }

  /**
   * Returns the marked rows.
   *
   * @param marks one for each row
   * @return a new array of these rows, in order
   */
  public float[] kept(boolean[] marks) {
    int count = 0;
    for (boolean mark : marks) {
      count += mark ? 1 : 0;
    }
    float[] kept = new float[count * size];
    int row = 0;
    for (int i = 0; i < marks.length; i++) {
      if (marks[i]) {
        System.arraycopy(data, i * size, kept, row++ * size, size);
      }
    }
    return kept;
  }
}
