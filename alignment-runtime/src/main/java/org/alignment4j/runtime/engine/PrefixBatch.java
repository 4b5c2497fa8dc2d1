package org.alignment4j.runtime.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * Prefixes and their continuations, which share them: one row that holds all prefixes, padded on
 * the right to the longest, and then all continuations, padded likewise. Each continuation attends
 * to its prefix and to itself, so that nothing of {@code [seq, seq]} exists, however many share a
 * prefix. Positions count within a sequence, prefix included; rotary ones that depend on the length
 * turn by that of the longest sequence of the same prefix. Immutable; the arrays it gives are
 * shared and read-only.
 */
public final class PrefixBatch implements TokenInput {

  /**
   * A continuation.
   *
   * @param prefix which prefix it follows, from 0
   * @param tokens at least one; read, not copied
   */
  public record Continuation(int prefix, int[] tokens) {}

  private final int[] prefixes;
  private final int[] continuations;
  private final int[] owners;
  private final int prefixLength;
  private final int continuationLength;
  private final long[] tokens;
  private final long[] positions;

  /**
   * Lays out prefixes and continuations.
   *
   * @param prefixes at least one, each of at least one token; read, not copied
   * @param continuations at least one
   * @throws IllegalArgumentException when there are none, one is empty, follows no prefix, or the
   *     masks would not fit a buffer
   */
  public PrefixBatch(List<int[]> prefixes, List<Continuation> continuations) {
    this.prefixes = prefixes.stream().mapToInt(p -> p.length).toArray();
    this.continuations = continuations.stream().mapToInt(c -> c.tokens().length).toArray();
    this.owners = continuations.stream().mapToInt(Continuation::prefix).toArray();
    this.prefixLength = longest("prefixes", this.prefixes);
    this.continuationLength = longest("continuations", this.continuations);
    for (int owner : owners) {
      if (owner < 0 || owner >= prefixes.size()) {
        throw new IllegalArgumentException(
            "continuations must follow one of %s prefixes but one follows %s"
                .formatted(prefixes.size(), owner));
      }
    }
    requireMasks();
    this.tokens = new long[prefixes.size() * prefixLength + owners.length * continuationLength];
    this.positions = new long[tokens.length];
    for (int p = 0; p < prefixes.size(); p++) {
      put(prefixes.get(p), prefixColumn(p, 0), 0);
    }
    for (int c = 0; c < owners.length; c++) {
      put(continuations.get(c).tokens(), column(c, 0), this.prefixes[owners[c]]);
    }
  }

  private static int longest(String what, int[] lengths) {
    if (lengths.length == 0 || Arrays.stream(lengths).anyMatch(n -> n == 0)) {
      throw new IllegalArgumentException(
          "%s must be at least one, each of at least one token, but have %s tokens"
              .formatted(what, Arrays.toString(lengths)));
    }
    return Arrays.stream(lengths).max().orElseThrow();
  }

  private void requireMasks() {
    long cells =
        Math.max(
            (long) prefixes.length * prefixLength * prefixLength,
            (long) owners.length * continuationLength * (prefixLength + continuationLength));
    if (cells > NativeMemory.MAX_FLOATS) {
      throw new IllegalArgumentException(
          "masks must have at most %s floats but prefixes of %s and continuations of %s tokens, %s and %s of them, need %s; use fewer"
              .formatted(
                  NativeMemory.MAX_FLOATS,
                  prefixLength,
                  continuationLength,
                  prefixes.length,
                  owners.length,
                  cells));
    }
  }

  private void put(int[] from, int column, int position) {
    for (int i = 0; i < from.length; i++) {
      tokens[column + i] = from[i];
      positions[column + i] = position + (long) i;
    }
  }

  /** The column of a token of a prefix. */
  public int prefixColumn(int prefix, int index) {
    return prefix * prefixLength + index;
  }

  /** The column of a token of a continuation. */
  public int column(int continuation, int index) {
    return prefixes.length * prefixLength + continuation * continuationLength + index;
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public int seq() {
    return tokens.length;
  }

  @Override
  public long[] tokens() {
    return tokens;
  }

  @Override
  public long[] positions() {
    return positions;
  }

  @Override
  public AttentionKind attention() {
    return AttentionKind.SHARED_PREFIX;
  }

  @Override
  public Map<String, Tensor> tensors(DecoderEngine engine) {
    return OwnedTensors.all(feeds -> put(engine, feeds));
  }

  private void put(DecoderEngine engine, OwnedTensors feeds) {
    OrtRuntime runtime = engine.runtime();
    DecoderConfig config = engine.architecture().config();
    int whole = prefixLength + continuationLength;
    long[] followed = Arrays.stream(owners).asLongStream().toArray();
    feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens, 1, tokens.length));
    feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, 1, tokens.length));
    feeds.put(GraphNames.OWNERS, Tensor.copyOf(runtime, followed, owners.length));
    feeds.put(
        GraphNames.MEMBERS, Tensor.copyOf(runtime, members(), prefixes.length, owners.length));
    long[] parts = {
      (long) prefixes.length * prefixLength, (long) owners.length * continuationLength
    };
    feeds.put(GraphNames.PART_SIZES, Tensor.copyOf(runtime, parts, 2));
    long[] keys = {prefixLength, continuationLength};
    feeds.put(GraphNames.KEY_SIZES, Tensor.copyOf(runtime, keys, 2));
    feeds.put(
        GraphNames.PREFIX_MASK,
        Tensor.copyOf(runtime, prefixMask(), prefixes.length, 1, prefixLength, prefixLength));
    feeds.put(
        GraphNames.CONTINUATION_MASK,
        Tensor.copyOf(runtime, continuationMask(), owners.length, 1, continuationLength, whole));
    if (config.positions() instanceof AlibiPositions || config.variations().windowed()) {
      putPositions(runtime, feeds);
    }
    if (config.positions() instanceof RotaryPositions rotary) {
      if (rotary.scaling().trainedLength().isPresent()) {
        lengths().put(engine, this, feeds);
      } else {
        feeds.putAll(RotaryTables.covering(runtime, config, rotary, tokens.length));
      }
    }
  }

  private void putPositions(OrtRuntime runtime, OwnedTensors feeds) {
    int first = column(0, 0);
    int whole = prefixLength + continuationLength;
    long[] keys = new long[owners.length * whole];
    for (int c = 0; c < owners.length; c++) {
      System.arraycopy(positions, prefixColumn(owners[c], 0), keys, c * whole, prefixLength);
      System.arraycopy(positions, column(c, 0), keys, c * whole + prefixLength, continuationLength);
    }
    feeds.put(
        GraphNames.PREFIX_POSITIONS,
        Tensor.copyOf(runtime, Arrays.copyOf(positions, first), prefixes.length, prefixLength));
    feeds.put(
        GraphNames.CONTINUATION_POSITIONS,
        Tensor.copyOf(
            runtime,
            Arrays.copyOfRange(positions, first, positions.length),
            owners.length,
            continuationLength));
    feeds.put(GraphNames.KEY_POSITIONS, Tensor.copyOf(runtime, keys, owners.length, whole));
  }

  private float[] members() {
    float[] members = new float[prefixes.length * owners.length];
    for (int c = 0; c < owners.length; c++) {
      members[owners[c] * owners.length + c] = 1;
    }
    return members;
  }

  private float[] prefixMask() {
    return mask(prefixes, prefixLength, 0, p -> 0);
  }

  private float[] continuationMask() {
    return mask(continuations, continuationLength, prefixLength, c -> prefixes[owners[c]]);
  }

  /**
   * A mask under which tokens see the first tokens of what precedes theirs, and theirs up to
   * themselves; padding sees itself alone.
   *
   * @param lengths of the sequences
   * @param queries columns of each
   * @param before columns of what precedes each
   * @param seen how many of these are tokens
   */
  private static float[] mask(int[] lengths, int queries, int before, IntUnaryOperator seen) {
    int keys = before + queries;
    float[] mask = new float[lengths.length * queries * keys];
    Arrays.fill(mask, TokenBatch.MASKED);
    for (int s = 0; s < lengths.length; s++) {
      for (int q = 0; q < queries; q++) {
        int row = (s * queries + q) * keys;
        if (q < lengths[s]) {
          Arrays.fill(mask, row, row + seen.applyAsInt(s), 0);
          Arrays.fill(mask, row + before, row + before + q, 0);
        }
        mask[row + before + q] = 0;
      }
    }
    return mask;
  }

  /** Every prefix with its continuations is one sequence, as long as the longest. */
  private SequenceLengths lengths() {
    int[] lengths = prefixes.clone();
    int[] sequence = new int[tokens.length];
    for (int p = 0; p < prefixes.length; p++) {
      Arrays.fill(sequence, prefixColumn(p, 0), prefixColumn(p, prefixLength), p);
    }
    for (int c = 0; c < owners.length; c++) {
      int owner = owners[c];
      lengths[owner] = Math.max(lengths[owner], prefixes[owner] + continuations[c]);
      Arrays.fill(sequence, column(c, 0), column(c, continuationLength), owner);
    }
    return new SequenceLengths(sequence, lengths);
  }
}
