package org.alignment4j.interp.weights;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one layer's attention, head by head: {@code h} heads, which may share {@code g}
 * key and value heads, of width {@code e}. Immutable and thread-safe.
 *
 * @param query {@code W_Q} and {@code b_Q} of each head, {@code [d, e]}
 * @param key {@code W_K} and {@code b_K} of each key and value head, {@code [d, e]}
 * @param value {@code W_V} and {@code b_V} of each key and value head, {@code [d, e]}
 * @param output {@code W_O} of each head, {@code [e, d]}
 * @param outputBias {@code b_O}, {@code [1, d]}; zeros where the model has none
 * @param queryNorm what a norm of the queries by their root mean square multiplies with: {@code [1,
 *     e]} where each head is normalised for itself, {@code [1, h·e]} where all are together; null
 *     where there is none
 * @param keyNorm the same of the keys
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttentionWeights(
    List<Affine> query,
    List<Affine> key,
    List<Affine> value,
    List<Matrix> output,
    Matrix outputBias,
    @Nullable Matrix queryNorm,
    @Nullable Matrix keyNorm) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are not as many outputs as heads, or the heads are no
   *     multiple of the key and value heads
   */
  public AttentionWeights {
    query = List.copyOf(query);
    key = List.copyOf(key);
    value = List.copyOf(value);
    output = List.copyOf(output);
    if (query.isEmpty() || output.size() != query.size()) {
      throw new IllegalArgumentException(
          "query and output must be of as many heads, at least one, but were of "
              + query.size()
              + " and "
              + output.size());
    }
    if (key.isEmpty() || key.size() != value.size() || query.size() % key.size() != 0) {
      throw new IllegalArgumentException(
          "key and value must be of as many heads, by which the "
              + query.size()
              + " heads can be divided, but were of "
              + key.size()
              + " and "
              + value.size());
    }
  }

  /** Number of heads, {@code h}. */
  public int heads() {
    return query.size();
  }

  /** Number of key and value heads, {@code g}. */
  public int keyValueHeads() {
    return key.size();
  }

  /**
   * The keys that a head reads.
   *
   * @throws IndexOutOfBoundsException if there is no such head
   */
  public Affine keyOf(int head) {
    return key.get(group(head));
  }

  /**
   * The values that a head reads.
   *
   * @throws IndexOutOfBoundsException if there is no such head
   */
  public Affine valueOf(int head) {
    return value.get(group(head));
  }

  private int group(int head) {
    return Objects.checkIndex(head, heads()) / (heads() / keyValueHeads());
  }

  /** These with other maps of the stream to queries, keys and values. */
  AttentionWeights reading(List<Affine> queries, List<Affine> keys, List<Affine> values) {
    return new AttentionWeights(queries, keys, values, output, outputBias, queryNorm, keyNorm);
  }

  /** These with another way back to the stream. */
  AttentionWeights writing(List<Matrix> outputs, Matrix bias) {
    return new AttentionWeights(query, key, value, outputs, bias, queryNorm, keyNorm);
  }
}
