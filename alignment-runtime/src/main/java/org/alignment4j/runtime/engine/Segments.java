package org.alignment4j.runtime.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * One packed row: sequences laid end to end that do not see each other, and sequences that share an
 * earlier one as their prefix. Positions count within a sequence, prefix included; rotary ones that
 * depend on the length turn by that of the longest sequence of the same prefix. Not thread-safe.
 */
public final class Segments {

  private record Segment(int start, int[] tokens, int parent, int firstPosition) {}

  private final List<Segment> segments = new ArrayList<>();
  private int length;

  /** Appends a sequence of its own. */
  public Segments add(int[] tokens) {
    return append(tokens, -1);
  }

  /**
   * Appends a sequence that continues an earlier one.
   *
   * @param tokens what follows it; they see that sequence and all it continues
   * @param parent index of that sequence, in order of addition; it may be a continuation itself
   * @return this row
   * @throws IllegalArgumentException when there is no such sequence
   */
  public Segments addContinuation(int[] tokens, int parent) {
    if (parent < 0 || parent >= segments.size()) {
      throw new IllegalArgumentException(
          "parent must be one of " + segments.size() + " earlier sequences but was " + parent);
    }
    return append(tokens, parent);
  }

  private Segments append(int[] tokens, int parent) {
    int first = 0;
    if (parent >= 0) {
      Segment p = segments.get(parent);
      first = p.firstPosition() + p.tokens().length;
    }
    segments.add(new Segment(length, tokens.clone(), parent, first));
    length += tokens.length;
    return this;
  }

  /** Columns taken so far. */
  public int length() {
    return length;
  }

  /** Number of sequences. */
  public int count() {
    return segments.size();
  }

  /**
   * Column at which a sequence starts.
   *
   * @throws IndexOutOfBoundsException when there is no such sequence
   */
  public int start(int index) {
    return segments.get(index).start();
  }

  void writeTo(long[] tokens, long[] positions, int offset) {
    for (Segment s : segments) {
      for (int i = 0; i < s.tokens().length; i++) {
        tokens[offset + s.start() + i] = s.tokens()[i];
        positions[offset + s.start() + i] = s.firstPosition() + (long) i;
      }
    }
  }

  void writeMask(float[] mask, int offset, int seq) {
    for (Segment s : segments) {
      for (int i = 0; i < s.tokens().length; i++) {
        int row = offset + (s.start() + i) * seq;
        java.util.Arrays.fill(mask, row + s.start(), row + s.start() + i + 1, 0);
        for (int p = s.parent(); p >= 0; p = segments.get(p).parent()) {
          Segment ancestor = segments.get(p);
          int from = row + ancestor.start();
          java.util.Arrays.fill(mask, from, from + ancestor.tokens().length, 0);
        }
      }
    }
  }
}
