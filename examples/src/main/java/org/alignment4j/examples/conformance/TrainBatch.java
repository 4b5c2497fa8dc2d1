package org.alignment4j.examples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;

/** The batch of a training case. */
final class TrainBatch {

  private TrainBatch() {}

  /**
   * Every label that is not ignored is predicted at the position before it and weighs one over
   * their number.
   */
  static MicroBatch read(Fixture fixture) {
    List<int[]> ids = fixture.get("input_ids").integerRows();
    List<int[]> present = fixture.get("attention_mask").integerRows();
    List<int[]> expected = fixture.get("labels").integerRows();
    int seq = ids.get(0).length;
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (int b = 0; b < ids.size(); b++) {
      for (int t = 1; t < seq; t++) {
        if (expected.get(b)[t] >= 0) {
          rows.add((long) b * seq + t - 1);
          labels.add((long) expected.get(b)[t]);
        }
      }
    }
    float[] weights = new float[rows.size()];
    Arrays.fill(weights, 1f / rows.size());
    List<int[]> positions = new ArrayList<>();
    for (int b = 0; b < ids.size(); b++) {
      int[] row = new int[seq];
      Arrays.setAll(row, t -> t);
      positions.add(row);
    }
    return new MicroBatch(
        new PaddedPrompts(ids, present, positions).batch(),
        rows.stream().mapToLong(x -> x).toArray(),
        labels.stream().mapToLong(x -> x).toArray(),
        Map.of(MeanCrossEntropy.WEIGHTS, new FloatInput(weights, weights.length)));
  }
}
