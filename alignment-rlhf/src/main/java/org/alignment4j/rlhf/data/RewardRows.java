package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Micro-batches of preference pairs for reward models. Both answers of a pair share one copy of the
 * prompt, which neither sees the other through; several pairs share a row. Of each answer only the
 * last token reaches the head: the preferred answer's, then the other's, pair by pair.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardRows {

  /** Input with the margin of each pair, {@code [pairs]}. */
  public static final String MARGINS = "pair_margins";

  /** Input with the probability that the label is right, {@code [pairs]}. */
  public static final String PROBABILITIES = "label_probabilities";

  /** Input with the weight of each pair in the loss, {@code [pairs]}. */
  public static final String WEIGHTS = "pair_weights";

  private RewardRows() {}

  /**
   * Lays out the pairs of one update. Every pair weighs one over the number of them all.
   *
   * @param pairs at least one
   * @param plan how rows are filled; no pair may be longer than a row
   * @return micro-batches whose losses sum to the mean over all pairs
   * @throws IllegalArgumentException when a pair is longer than a row
   */
  public static List<MicroBatch> microBatches(List<PreferenceExample> pairs, RowPlan plan) {
    int[] lengths = pairs.stream().mapToInt(p -> p.length(plan.sharedLength())).toArray();
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    List<MicroBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += plan.rowsPerMicroBatch()) {
      int to = Math.min(rows.size(), from + plan.rowsPerMicroBatch());
      batches.add(batch(pairs, rows.subList(from, to), plan.sharedLength()));
    }
    return batches;
  }

  private static MicroBatch batch(
      List<PreferenceExample> pairs, List<List<Integer>> rows, int sharedLength) {
    ScoredRows scored = new ScoredRows();
    List<PreferenceExample> inside = new ArrayList<>();
    for (List<Integer> row : rows) {
      scored.newRow();
      for (int item : row) {
        PreferenceExample example = pairs.get(item);
        PromptCopies copies = new PromptCopies(scored, example.prompt(), sharedLength);
        answer(scored, example.chosen(), copies, 2 * inside.size());
        answer(scored, example.rejected(), copies, 2 * inside.size() + 1);
        inside.add(example);
      }
    }
    return scored.toMicroBatch(inputs(inside, pairs.size()));
  }

  private static void answer(
      ScoredRows scored, TokenIds tokens, PromptCopies copies, int sequence) {
    int place = scored.addContinuation(tokens, copies.before(tokens));
    scored.score(scored.column(place, tokens.size() - 1), 0, sequence);
  }

  private static Map<String, FloatInput> inputs(List<PreferenceExample> pairs, int total) {
    int n = pairs.size();
    float[] margins = new float[n];
    float[] probabilities = new float[n];
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      margins[i] = (float) pairs.get(i).margin();
      probabilities[i] = (float) pairs.get(i).probability();
      weights[i] = 1f / total;
    }
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(MARGINS, new FloatInput(margins, n));
    inputs.put(PROBABILITIES, new FloatInput(probabilities, n));
    inputs.put(WEIGHTS, new FloatInput(weights, n));
    return inputs;
  }
}
