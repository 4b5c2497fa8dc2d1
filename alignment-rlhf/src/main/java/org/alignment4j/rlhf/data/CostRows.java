package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Micro-batches of comparisons of harm for cost models. Both answers share one copy of the prompt;
 * of each only the last token reaches the head: the more harmful answer's, then the other's, pair
 * by pair.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CostRows {

  /** Input with 1 where the more harmful answer is unsafe, else −1, {@code [pairs]}. */
  public static final String HIGH_SIGNS = "high_signs";

  /** Input with 1 where the less harmful answer is unsafe, else −1, {@code [pairs]}. */
  public static final String LOW_SIGNS = "low_signs";

  /** Input with the weight of each pair in the loss, {@code [pairs]}. */
  public static final String WEIGHTS = "pair_weights";

  /**
   * A comparison as tokens.
   *
   * @param answers the more harmful answer, then the other
   * @param highUnsafe whether the more harmful one is unsafe
   * @param lowUnsafe whether the other is unsafe
   */
  public record Entry(Answers answers, boolean highUnsafe, boolean lowUnsafe) {}

  private CostRows() {}

  /**
   * Lays out the comparisons of one update. Every pair weighs one over the number of them all.
   *
   * @param entries at least one
   * @param plan how rows are filled; no pair may be longer than a row
   * @return micro-batches whose losses sum to the mean over all pairs
   * @throws IllegalArgumentException when a pair is longer than a row
   */
  public static List<MicroBatch> microBatches(List<Entry> entries, RowPlan plan) {
    List<Answers> answers = entries.stream().map(Entry::answers).toList();
    List<MicroBatch> batches = new ArrayList<>();
    for (AnswerLayout layout : AnswerLayout.ofLastTokens(answers, 2, plan)) {
      int n = layout.prompts().size();
      float[] high = new float[n];
      float[] low = new float[n];
      float[] weights = new float[n];
      for (int i = 0; i < n; i++) {
        Entry entry = entries.get(layout.prompts().get(i));
        high[i] = entry.highUnsafe() ? 1 : -1;
        low[i] = entry.lowUnsafe() ? 1 : -1;
        weights[i] = 1f / entries.size();
      }
      Map<String, FloatInput> inputs = new LinkedHashMap<>();
      inputs.put(HIGH_SIGNS, new FloatInput(high, n));
      inputs.put(LOW_SIGNS, new FloatInput(low, n));
      inputs.put(WEIGHTS, new FloatInput(weights, n));
      batches.add(layout.toMicroBatch(inputs));
    }
    return batches;
  }
}
