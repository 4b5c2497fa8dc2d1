package org.alignment4j.runtime.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * Token rows with their positions and attention mask: the inputs of a forward pass.
 *
 * @param batch rows
 * @param seq columns
 * @param tokens {@code [batch, seq]}
 * @param positions {@code [batch, seq]}
 * @param mask {@code [batch, 1, seq, seq]}: 0 where attended, {@link #MASKED} where not
 */
public record TokenBatch(int batch, int seq, long[] tokens, long[] positions, float[] mask) {

  /**
   * What is added to the score of a key that is not attended. Finite, since a row of negative
   * infinities has no softmax.
   */
  public static final float MASKED = -1e9f;

  public TokenBatch {
    if (tokens.length != batch * seq
        || positions.length != batch * seq
        || mask.length != batch * seq * seq) {
      throw new IllegalArgumentException(
          "tokens, positions and mask must fit " + batch + " rows of " + seq + " columns");
    }
  }

  /** Sequences one to a row, padded on the right; padding is attended by padding only. */
  public static TokenBatch rightPadded(List<int[]> sequences) {
    int seq = sequences.stream().mapToInt(s -> s.length).max().orElse(0);
    List<Segments> rows = new ArrayList<>();
    for (int[] s : sequences) {
      rows.add(new Segments().add(s));
    }
    return of(rows, seq);
  }

  /**
   * Packed rows.
   *
   * @param rows what each row holds
   * @param seq columns; at least the longest row
   */
  public static TokenBatch of(List<Segments> rows, int seq) {
    int batch = rows.size();
    long[] tokens = new long[batch * seq];
    long[] positions = new long[batch * seq];
    float[] mask = new float[batch * seq * seq];
    java.util.Arrays.fill(mask, MASKED);
    for (int b = 0; b < batch; b++) {
      Segments row = rows.get(b);
      if (row.length() > seq) {
        throw new IllegalArgumentException(
            "seq must be at least "
                + row.length()
                + ", the length of row "
                + b
                + ", but was "
                + seq);
      }
      row.writeTo(tokens, positions, b * seq);
      row.writeMask(mask, b * seq * seq, seq);
      for (int t = row.length(); t < seq; t++) {
        mask[(b * seq + t) * seq + t] = 0;
      }
    }
    return new TokenBatch(batch, seq, tokens, positions, mask);
  }

  /** The tensors of a forward pass over this batch, by input name; the caller closes them. */
  public Map<String, Tensor> tensors(OrtRuntime runtime) {
    Map<String, Tensor> feeds = new HashMap<>();
    feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens, batch, seq));
    feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, batch, seq));
    feeds.put(GraphNames.MASK, Tensor.copyOf(runtime, mask, batch, 1, seq, seq));
    return feeds;
  }
}
