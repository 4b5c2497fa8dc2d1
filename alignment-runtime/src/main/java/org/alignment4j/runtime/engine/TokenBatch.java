package org.alignment4j.runtime.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * Token rows with their positions and attention mask: the inputs of a forward pass. The arrays are
 * shared, not copied: treat them as read-only; then thread-safe.
 *
 * @param batch rows
 * @param seq columns
 * @param tokens {@code [batch, seq]}
 * @param positions {@code [batch, seq]}
 * @param mask {@code [batch, 1, seq, seq]}: 0 where attended, {@link #MASKED} where not
 */
public record TokenBatch(int batch, int seq, long[] tokens, long[] positions, float[] mask)
    implements TokenInput {

  /**
   * What is added to the score of a key that is not attended. Finite, since a row of negative
   * infinities has no softmax.
   */
  public static final float MASKED = -1e9f;

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException when an array has another length, a size is negative, or the
   *     mask would not fit one buffer
   */
  public TokenBatch {
    int cells = maskCells(batch, seq);
    if (tokens.length != batch * seq || positions.length != batch * seq || mask.length != cells) {
      throw new IllegalArgumentException(
          "tokens, positions and mask must fit " + batch + " rows of " + seq + " columns");
    }
  }

  /**
   * Sequences one to a row, padded on the right; padding is attended by padding only.
   *
   * @throws IllegalArgumentException when the mask would not fit one buffer
   */
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
   * @throws IllegalArgumentException when a row is longer or the mask would not fit one buffer
   */
  public static TokenBatch of(List<Segments> rows, int seq) {
    int batch = rows.size();
    int cells = maskCells(batch, seq);
    long[] tokens = new long[batch * seq];
    long[] positions = new long[batch * seq];
    float[] mask = new float[cells];
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

  /**
   * Size of the mask.
   *
   * @throws IllegalArgumentException if a size is negative or the mask does not fit one buffer
   */
  private static int maskCells(int batch, int seq) {
    if (batch < 0 || seq < 0) {
      throw new IllegalArgumentException(
          "batch and seq must not be negative but were " + batch + " and " + seq);
    }
    if ((long) seq * seq > NativeMemory.MAX_FLOATS
        || (long) batch * seq * seq > NativeMemory.MAX_FLOATS) {
      throw new IllegalArgumentException(
          "the mask of batch · seq² floats must have at most "
              + NativeMemory.MAX_FLOATS
              + " but batch was "
              + batch
              + " and seq "
              + seq
              + "; use fewer or shorter rows");
    }
    return batch * seq * seq;
  }

  @Override
  public AttentionKind attention() {
    return AttentionKind.MASKED;
  }

  @Override
  public Map<String, Tensor> tensors(DecoderEngine engine) {
    return OwnedTensors.all(feeds -> put(engine, feeds));
  }

  private void put(DecoderEngine engine, OwnedTensors feeds) {
    feeds.putAll(tensors(engine.runtime()));
    DecoderConfig config = engine.architecture().config();
    if (config.positions() instanceof RotaryPositions rotary) {
      if (rotary.scaling().trainedLength().isPresent()) {
        SequenceLengths.of(this).put(engine, this, feeds);
      } else {
        feeds.putAll(RotaryTables.covering(engine.runtime(), config, rotary, seq));
      }
    }
  }

  /**
   * The tensors of a forward pass over this batch, by input name, for models whose rotary positions
   * do not depend on the length of a sequence; the caller closes them.
   *
   * @throws org.alignment4j.api.ModelExecutionException when native memory fails
   */
  public Map<String, Tensor> tensors(OrtRuntime runtime) {
    return OwnedTensors.all(
        feeds -> {
          feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens, batch, seq));
          feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, batch, seq));
          feeds.put(GraphNames.MASK, Tensor.copyOf(runtime, mask, batch, 1, seq, seq));
        });
  }
}
