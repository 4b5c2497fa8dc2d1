package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/** Micro-batches of judged sequences: packed rows, of which the judged positions reach the head. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgedRows {

  /** Input with the correctness at each scored position, {@code [rows]}. */
  public static final String CORRECTNESS = "correctness";

  /** Input with the weight of each scored position, {@code [rows]}. */
  public static final String WEIGHTS = "position_weights";

  private JudgedRows() {}

  /**
   * Lays out the sequences of one update. Every position weighs one over the number of them all.
   *
   * @param sequences at least one
   * @param plan how rows are filled; no sequence may be longer than a row
   * @return micro-batches whose losses sum to the mean over all positions
   * @throws IllegalArgumentException when a sequence is longer than a row
   */
  public static List<MicroBatch> microBatches(List<JudgedSequence> sequences, RowPlan plan) {
    int[] lengths = sequences.stream().mapToInt(s -> s.ids().size()).toArray();
    long total = sequences.stream().mapToLong(s -> s.positions().size()).sum();
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    List<MicroBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += plan.rowsPerMicroBatch()) {
      ScoredRows scored = new ScoredRows();
      List<Double> correctness = new ArrayList<>();
      for (List<Integer> row :
          rows.subList(from, Math.min(rows.size(), from + plan.rowsPerMicroBatch()))) {
        scored.newRow();
        for (int item : row) {
          JudgedSequence sequence = sequences.get(item);
          int place = scored.add(sequence.ids());
          sequence.positions().forEach(p -> scored.score(scored.column(place, p), 0, item));
          correctness.addAll(sequence.correctness());
        }
      }
      batches.add(scored.toMicroBatch(inputs(correctness, 1f / total)));
    }
    return batches;
  }

  private static Map<String, FloatInput> inputs(List<Double> correctness, float weight) {
    int n = correctness.size();
    float[] labels = new float[n];
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      labels[i] = correctness.get(i).floatValue();
      weights[i] = weight;
    }
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(CORRECTNESS, new FloatInput(labels, n));
    inputs.put(WEIGHTS, new FloatInput(weights, n));
    return inputs;
  }
}
