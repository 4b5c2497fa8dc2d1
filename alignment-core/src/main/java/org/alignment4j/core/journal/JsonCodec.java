package org.alignment4j.core.journal;

import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into plain values and back, without loss.
 *
 * @param <V> the values
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface JsonCodec<V> {
  /** Returns the value as plain values (see {@link PlainJson}). */
  Map<String, @Nullable Object> encode(V value);

  /**
   * Returns the value that {@link #encode} gave this form to.
   *
   * @throws IllegalArgumentException if a field is missing or of another kind; names the field
   */
  V decode(Map<String, @Nullable Object> fields);
}
