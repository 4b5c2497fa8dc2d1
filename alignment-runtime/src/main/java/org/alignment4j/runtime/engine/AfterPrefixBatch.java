package org.alignment4j.runtime.engine;

import java.util.Arrays;
import java.util.Map;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * Rows of tokens that follow one prefix, whose keys and values were computed before: the inputs of
 * a run of {@link org.alignment4j.runtime.architecture.AttentionKind#AFTER_PREFIX} beside them. A
 * row's sequences begin with the prefix, and all rows lie one behind the other, padded to the
 * longest. Rotary positions that depend on the length turn by that of a row's longest sequence.
 *
 * @param rows the tokens after the prefix, positions counted from its end
 * @param prefix tokens of the prefix, at least one
 */
public record AfterPrefixBatch(TokenBatch rows, int prefix) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException when the prefix is empty
   */
  public AfterPrefixBatch {
    if (prefix < 1) {
      throw new IllegalArgumentException("prefix must have at least one token but has " + prefix);
    }
  }

  /**
   * The tensors of a run, by input name, keys and values of the prefix left out; the caller closes
   * them.
   *
   * @param engine what reads the tokens
   * @throws org.alignment4j.api.ModelExecutionException when native memory fails
   */
  public Map<String, Tensor> tensors(DecoderEngine engine) {
    return OwnedTensors.all(feeds -> put(engine, feeds));
  }

  private void put(DecoderEngine engine, OwnedTensors feeds) {
    OrtRuntime runtime = engine.runtime();
    int batch = rows.batch();
    int own = rows.seq();
    long[] positions = Arrays.stream(rows.positions()).map(p -> p + prefix).toArray();
    feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, rows.tokens(), 1, positions.length));
    feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, 1, positions.length));
    feeds.put(GraphNames.MASK, Tensor.copyOf(runtime, rows.mask(), batch, 1, own, own));
    feeds.put(GraphNames.KEY_SIZES, Tensor.copyOf(runtime, new long[] {prefix, own}, 2));
    feeds.put(GraphNames.CONTINUATION_POSITIONS, Tensor.copyOf(runtime, positions, batch, own));
    long[] before = new long[prefix];
    Arrays.setAll(before, i -> i);
    feeds.put(GraphNames.PREFIX_POSITIONS, Tensor.copyOf(runtime, before, 1, prefix));
    putRotary(engine, positions, feeds);
  }

  private void putRotary(DecoderEngine engine, long[] positions, OwnedTensors feeds) {
    DecoderConfig config = engine.architecture().config();
    if (!(config.positions() instanceof RotaryPositions rotary)) {
      return;
    }
    if (rotary.scaling().trainedLength().isEmpty()) {
      feeds.putAll(RotaryTables.covering(engine.runtime(), config, rotary, positions.length));
      return;
    }
    int[] lengths = new int[rows.batch()];
    for (int i = 0; i < positions.length; i++) {
      int row = i / rows.seq();
      lengths[row] = Math.max(lengths[row], Math.toIntExact(positions[i] + 1));
    }
    int longest = Arrays.stream(lengths).max().orElse(0);
    RotaryIndices indices = RotaryIndices.of(engine, lengths, Math.max(longest, positions.length));
    int[] offsets = indices.offsets();
    int[] shifts = new int[positions.length];
    Arrays.setAll(shifts, i -> offsets[i / rows.seq()]);
    feeds.putAll(indices.tables());
    feeds.putAll(indices.of(positions, shifts, 1, positions.length));
  }

  /**
   * The tensors of a run over some tokens of a prefix after those before them, by input name, past
   * keys and values left out; the caller closes them.
   *
   * @param engine what reads the tokens
   * @param tokens those of this run
   * @param past how many tokens come before
   * @param length of the sequences that begin with the prefix, by which rotary positions may turn
   * @throws org.alignment4j.api.ModelExecutionException when native memory fails
   */
  public static Map<String, Tensor> ofPrefix(
      DecoderEngine engine, int[] tokens, int past, int length) {
    return OwnedTensors.all(feeds -> putPrefix(engine, tokens, past, length, feeds));
  }

  private static void putPrefix(
      DecoderEngine engine, int[] tokens, int past, int length, OwnedTensors feeds) {
    OrtRuntime runtime = engine.runtime();
    int n = tokens.length;
    int keys = past + n;
    long[] ids = Arrays.stream(tokens).asLongStream().toArray();
    long[] keyPositions = new long[keys];
    Arrays.setAll(keyPositions, i -> i);
    long[] positions = Arrays.copyOfRange(keyPositions, past, keys);
    float[] mask = new float[n * keys];
    for (int q = 0; q < n; q++) {
      Arrays.fill(mask, q * keys + past + q + 1, (q + 1) * keys, TokenBatch.MASKED);
    }
    feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, ids, 1, n));
    feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, 1, n));
    feeds.put(GraphNames.KEY_POSITIONS, Tensor.copyOf(runtime, keyPositions, 1, keys));
    feeds.put(GraphNames.MASK, Tensor.copyOf(runtime, mask, 1, 1, n, keys));
    RotaryIndices indices = RotaryIndices.of(engine, new int[] {length}, Math.max(length, keys));
    feeds.putAll(indices.tables());
    feeds.putAll(indices.ofRows(positions, indices.offsets(), n));
  }
}
