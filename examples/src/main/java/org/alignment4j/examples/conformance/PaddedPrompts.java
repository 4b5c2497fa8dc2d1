package org.alignment4j.examples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.engine.TokenBatch;

/**
 * Prompts of different lengths as one padded batch, the way the reference passes them.
 *
 * @param ids {@code [batch][seq]}
 * @param present {@code [batch][seq]}: 1 where a token is, 0 where padding is
 * @param positions {@code [batch][seq]}
 */
record PaddedPrompts(List<int[]> ids, List<int[]> present, List<int[]> positions) {

  /** Reads the keys {@code SIDE_ids}, {@code SIDE_mask} and perhaps {@code SIDE_position_ids}. */
  static PaddedPrompts read(Fixture expected, String side) {
    List<int[]> ids = expected.get(side + "_ids").integerRows();
    List<int[]> present = expected.get(side + "_mask").integerRows();
    List<int[]> positions =
        expected.has(side + "_position_ids")
            ? expected.get(side + "_position_ids").integerRows()
            : present.stream().map(PaddedPrompts::counted).toList();
    return new PaddedPrompts(ids, present, positions);
  }

  /** Positions count tokens; padding gets the position of the token before it, or 0. */
  private static int[] counted(int[] present) {
    int[] positions = new int[present.length];
    int next = 0;
    for (int t = 0; t < present.length; t++) {
      next += present[t];
      positions[t] = Math.max(0, next - 1);
    }
    return positions;
  }

  int seq() {
    return ids.get(0).length;
  }

  /** The prompts without their padding. */
  List<int[]> unpadded() {
    List<int[]> all = new ArrayList<>();
    for (int b = 0; b < ids.size(); b++) {
      int[] row = ids.get(b);
      int[] mask = present.get(b);
      int[] tokens = new int[row.length];
      int length = 0;
      for (int t = 0; t < row.length; t++) {
        if (mask[t] != 0) {
          tokens[length++] = row[t];
        }
      }
      all.add(Arrays.copyOf(tokens, length));
    }
    return List.copyOf(all);
  }

  /** Tokens attend to tokens up to themselves; padding to itself, so that its softmax exists. */
  TokenBatch batch() {
    int batch = ids.size();
    int seq = seq();
    long[] tokens = new long[batch * seq];
    long[] places = new long[batch * seq];
    float[] mask = new float[batch * seq * seq];
    Arrays.fill(mask, TokenBatch.MASKED);
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < seq; t++) {
        tokens[b * seq + t] = ids.get(b)[t];
        places[b * seq + t] = positions.get(b)[t];
        for (int k = 0; k <= t; k++) {
          if (k == t || present.get(b)[k] != 0) {
            mask[(b * seq + t) * seq + k] = 0;
          }
        }
      }
    }
    return new TokenBatch(batch, seq, tokens, places, mask);
  }
}
