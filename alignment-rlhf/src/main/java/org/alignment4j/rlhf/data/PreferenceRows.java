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
 * Micro-batches of preference pairs. Both answers of a pair share one copy of the prompt, which
 * neither sees the other through; several pairs share a row. Only answers are scored: the first
 * token of both is predicted at the last position of the prompt.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PreferenceRows {

  /** Input that sums scored tokens into preferred answers, {@code [pairs, rows]}. */
  public static final String CHOSEN_TOKENS = "chosen_tokens";

  /** Input that sums scored tokens into the other answers, {@code [pairs, rows]}. */
  public static final String REJECTED_TOKENS = "rejected_tokens";

  /** Input with the reference's log-probability of preferred answers, {@code [pairs]}. */
  public static final String REFERENCE_CHOSEN = "reference_chosen";

  /** Input with the reference's log-probability of the other answers, {@code [pairs]}. */
  public static final String REFERENCE_REJECTED = "reference_rejected";

  /** Input with the probability that the label is right, {@code [pairs]}. */
  public static final String PROBABILITIES = "label_probabilities";

  /** Input with the weight of each pair in the loss, {@code [pairs]}. */
  public static final String WEIGHTS = "pair_weights";

  /**
   * A pair with the log-probabilities of its answers under the reference.
   *
   * @param example the pair
   * @param chosen log-probability of the preferred answer
   * @param rejected log-probability of the other answer
   */
  public record Pair(PreferenceExample example, double chosen, double rejected) {}

  /**
   * A micro-batch and the pairs in it.
   *
   * @param batch the micro-batch
   * @param pairs indices among the pairs given, in the order of the inputs
   * @param owners whose answer each scored token belongs to: twice the place in {@code pairs}, plus
   *     one for the other answer
   */
  public record Batch(MicroBatch batch, List<Integer> pairs, int[] owners) {
    /** Copies the indices. */
    public Batch {
      pairs = List.copyOf(pairs);
      owners = owners.clone();
    }

    @Override
    public int[] owners() {
      return owners.clone();
    }
  }

  private PreferenceRows() {}

  /**
   * Lays out the pairs of one update. Every pair weighs one over the number of them all.
   *
   * @param pairs at least one
   * @param plan how rows are filled; no pair may be longer than a row
   * @return micro-batches whose losses sum to the mean over all pairs
   * @throws IllegalArgumentException when a pair is longer than a row
   */
  public static List<Batch> microBatches(List<Pair> pairs, RowPlan plan) {
    int[] lengths = pairs.stream().mapToInt(p -> p.example().length()).toArray();
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += plan.rowsPerMicroBatch()) {
      int to = Math.min(rows.size(), from + plan.rowsPerMicroBatch());
      batches.add(batch(pairs, rows.subList(from, to)));
    }
    return batches;
  }

  private static Batch batch(List<Pair> pairs, List<List<Integer>> rows) {
    ScoredRows scored = new ScoredRows();
    List<Integer> order = new ArrayList<>();
    for (List<Integer> row : rows) {
      scored.newRow();
      for (int item : row) {
        PreferenceExample example = pairs.get(item).example();
        int prompt = scored.add(example.prompt());
        int last = scored.column(prompt, example.prompt().size() - 1);
        answer(scored, example.chosen(), prompt, last, 2 * order.size());
        answer(scored, example.rejected(), prompt, last, 2 * order.size() + 1);
        order.add(item);
      }
    }
    List<Pair> inside = order.stream().map(pairs::get).toList();
    return new Batch(
        scored.toMicroBatch(inputs(inside, scored, pairs.size())), order, scored.sequences());
  }

  private static void answer(
      ScoredRows scored, TokenIds tokens, int prompt, int last, int sequence) {
    int place = scored.addContinuation(tokens, prompt);
    for (int t = 0; t < tokens.size(); t++) {
      int column = t == 0 ? last : scored.column(place, t - 1);
      scored.score(column, tokens.get(t), sequence);
    }
  }

  private static Map<String, FloatInput> inputs(List<Pair> pairs, ScoredRows scored, int total) {
    int n = pairs.size();
    int[] sequences = scored.sequences();
    float[][] sums = new float[2][n * sequences.length];
    for (int i = 0; i < sequences.length; i++) {
      sums[sequences[i] % 2][sequences[i] / 2 * sequences.length + i] = 1;
    }
    float[] chosen = new float[n];
    float[] rejected = new float[n];
    float[] probabilities = new float[n];
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      chosen[i] = (float) pairs.get(i).chosen();
      rejected[i] = (float) pairs.get(i).rejected();
      probabilities[i] = (float) pairs.get(i).example().probability();
      weights[i] = 1f / total;
    }
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(CHOSEN_TOKENS, new FloatInput(sums[0], n, sequences.length));
    inputs.put(REJECTED_TOKENS, new FloatInput(sums[1], n, sequences.length));
    inputs.put(REFERENCE_CHOSEN, new FloatInput(chosen, n));
    inputs.put(REFERENCE_REJECTED, new FloatInput(rejected, n));
    inputs.put(PROBABILITIES, new FloatInput(probabilities, n));
    inputs.put(WEIGHTS, new FloatInput(weights, n));
    return inputs;
  }
}
