package org.alignment4j.interp.lens;

import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;

/** Points of the residual stream that a run has kept, as rows without padding. */
final class StreamRows {

  private StreamRows() {}

  /** Whether a point is one of the residual stream between the layers. */
  static boolean isStream(HookPoint<?> point) {
    return point.kind() == HookKind.RESID_PRE
        || point.kind() == HookKind.RESID_MID
        || point.kind() == HookKind.RESID_POST;
  }

  /**
   * The values at a point, {@code [batch, position, width]}.
   *
   * @throws IllegalArgumentException when they were not kept or are of another width
   */
  static Values values(ActivationCache cache, HookPoint<?> point, int width) {
    Values stream = cache.values(point);
    if (stream.shape()[2] != width) {
      throw new IllegalArgumentException(
          "the residual stream must be as wide as the lens's model, "
              + width
              + ", but "
              + point
              + " is "
              + stream.shape()[2]
              + " wide");
    }
    return stream;
  }

  /** The rows of every token, {@code [places, width]}, sequence after sequence. */
  static float[] all(ActivationCache cache, HookPoint<?> point, int width) {
    Values stream = values(cache, point, width);
    int columns = stream.shape()[1];
    float[] all = stream.toArray();
    List<TokenIds> tokens = cache.tokens();
    int places = tokens.stream().mapToInt(TokenIds::size).sum();
    float[] rows = new float[places * width];
    int place = 0;
    for (int row = 0; row < tokens.size(); row++) {
      int length = tokens.get(row).size() * width;
      System.arraycopy(all, row * columns * width, rows, place, length);
      place += length;
    }
    return rows;
  }

  /**
   * The row of one place, {@code [width]}.
   *
   * @throws IllegalArgumentException when the place is outside
   */
  static float[] one(ActivationCache cache, HookPoint<?> point, int width, int row, int position) {
    List<TokenIds> tokens = cache.tokens();
    if (row < 0 || row >= tokens.size()) {
      throw new IllegalArgumentException(
          "row must be in [0, " + (tokens.size() - 1) + "] but was " + row);
    }
    int length = tokens.get(row).size();
    if (position < -length || position >= length) {
      throw new IllegalArgumentException(
          "position must be in [" + -length + ", " + (length - 1) + "] but was " + position);
    }
    Values stream = values(cache, point, width);
    int at = position < 0 ? position + length : position;
    int start = (row * stream.shape()[1] + at) * width;
    float[] one = new float[width];
    System.arraycopy(stream.toArray(), start, one, 0, width);
    return one;
  }
}
