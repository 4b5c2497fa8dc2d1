package org.alignment4j.interp.activation;

import com.google.common.primitives.ImmutableIntArray;
import org.alignment4j.api.hook.Values;

/** Takes the vectors of chosen tokens out of a batch's array. */
final class SiteReader {

  private SiteReader() {}

  /**
   * The rows of a batch.
   *
   * @param values {@code [batch, position, d]} or {@code [batch, position, head, d]}
   * @param first number of the example that is the batch's first sequence
   * @throws IllegalArgumentException if the head lies outside
   */
  static Rows read(
      ActivationSite site,
      Values values,
      ImmutableIntArray examples,
      ImmutableIntArray positions,
      int first) {
    int[] shape = values.shape();
    boolean one = site.head().isPresent();
    int last = shape[shape.length - 1];
    int vector = shape.length == 4 ? shape[2] * last : last;
    int width = one ? last : vector;
    int offset = 0;
    if (one) {
      int head = site.head().getAsInt();
      if (head >= shape[2]) {
        throw new IllegalArgumentException(
            "head must be less than the "
                + shape[2]
                + " heads of "
                + site.point()
                + " but was "
                + head);
      }
      offset = head * last;
    }
    float[] all = values.toArray();
    float[] rows = new float[Math.multiplyExact(examples.length(), width)];
    for (int i = 0; i < examples.length(); i++) {
      int token = (examples.get(i) - first) * shape[1] + positions.get(i);
      System.arraycopy(all, token * vector + offset, rows, i * width, width);
    }
    return Rows.owning(width, rows);
  }
}
