package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/** Micro-batches of supervised examples: packed rows, scored at the tokens to learn only. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SftRows {

  /** Input with the weight of each scored token, {@code [rows]}. */
  public static final String WEIGHTS = "token_weights";

  private SftRows() {}

  /**
   * Lays out the examples of one update. Every token weighs one over the tokens of them all.
   *
   * @param examples at least one
   * @param plan how rows are filled; no example may be longer than a row
   * @return micro-batches whose losses sum to the mean over all tokens
   * @throws IllegalArgumentException when an example is longer than a row
   */
  public static List<MicroBatch> microBatches(List<SftExample> examples, RowPlan plan) {
    return microBatches(examples, plan, 1);
  }

  /**
   * Lays out examples that are a part of an update.
   *
   * @param examples at least one
   * @param plan how rows are filled; no example may be longer than a row
   * @param weight of the part
   * @return micro-batches whose losses sum to the mean over all tokens times the weight
   * @throws IllegalArgumentException when an example is longer than a row
   */
  public static List<MicroBatch> microBatches(
      List<SftExample> examples, RowPlan plan, double weight) {
    int[] lengths = examples.stream().mapToInt(e -> e.ids().size()).toArray();
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    long tokens = examples.stream().mapToLong(SftExample::learntTokens).sum();
    List<MicroBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += plan.rowsPerMicroBatch()) {
      ScoredRows scored = new ScoredRows();
      for (List<Integer> row :
          rows.subList(from, Math.min(rows.size(), from + plan.rowsPerMicroBatch()))) {
        scored.newRow();
        for (int item : row) {
          add(scored, examples.get(item), item);
        }
      }
      float[] weights = new float[scored.sequences().length];
      Arrays.fill(weights, (float) (weight / tokens));
      batches.add(scored.toMicroBatch(Map.of(WEIGHTS, new FloatInput(weights, weights.length))));
    }
    return batches;
  }

  private static void add(ScoredRows scored, SftExample example, int sequence) {
    int place = scored.add(example.ids());
    example.learnt().stream()
        .forEach(t -> scored.score(scored.column(place, t - 1), example.ids().get(t), sequence));
  }
}
