package org.alignment4j.rlhf.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.alignment4j.rlhf.data.PreferenceRows.Pair;
import org.alignment4j.runtime.train.FloatInput;

/**
 * The inputs of a micro-batch of pairs.
 *
 * @param pairs those in it, in order
 * @param owners whose each scored token is, as {@link PreferenceRows.Batch} has them
 * @param update the update it is of
 */
record PairInputs(List<Pair> pairs, int[] owners, PreferenceRows.Update update) {

  /** Every input by name. */
  Map<String, FloatInput> values() {
    Set<PairInput> needed = update.needed();
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(PreferenceRows.CHOSEN_TOKENS, answers(0, false));
    inputs.put(PreferenceRows.REJECTED_TOKENS, answers(1, false));
    inputs.put(PreferenceRows.PROBABILITIES, vector(p -> p.example().probability()));
    inputs.put(PreferenceRows.WEIGHTS, vector(p -> 1f / update.pairs()));
    if (needed.contains(PairInput.REFERENCE)) {
      inputs.put(PreferenceRows.REFERENCE_CHOSEN, vector(Pair::chosen));
      inputs.put(PreferenceRows.REFERENCE_REJECTED, vector(Pair::rejected));
    }
    if (needed.contains(PairInput.SHARED_TOKENS)) {
      inputs.put(PreferenceRows.SHARED_CHOSEN_TOKENS, answers(0, true));
      inputs.put(PreferenceRows.SHARED_REJECTED_TOKENS, answers(1, true));
      if (needed.contains(PairInput.REFERENCE)) {
        requireShared();
        inputs.put(PreferenceRows.SHARED_REFERENCE_CHOSEN, vector(Pair::sharedChosen));
        inputs.put(PreferenceRows.SHARED_REFERENCE_REJECTED, vector(Pair::sharedRejected));
      }
    }
    if (needed.contains(PairInput.PROMPT_TOKENS)) {
      inputs.put(PreferenceRows.PROMPT_TOKENS, prompts());
    }
    if (needed.contains(PairInput.MEAN_LENGTHS)) {
      UpdateLengths means = update.lengths();
      inputs.put(PreferenceRows.MEAN_ANSWER_LENGTHS, vector(p -> means.answers()));
      inputs.put(PreferenceRows.MEAN_PROMPT_LENGTHS, vector(p -> means.prompts()));
    }
    if (needed.contains(PairInput.WHOLE_UPDATE)) {
      float[] order = new float[pairs.size()];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      inputs.put(PreferenceRows.ORDER, new FloatInput(order, order.length));
    }
    return inputs;
  }

  private void requireShared() {
    for (Pair pair : pairs) {
      if (Double.isNaN(pair.sharedChosen()) || Double.isNaN(pair.sharedRejected())) {
        throw new IllegalArgumentException(
            "pair %s must have the reference's log-probabilities of shared tokens but has none"
                .formatted(pair.example().index()));
      }
    }
  }

  /**
   * Ones where a token belongs to the side's answer, or to what the shorter answer is as long as.
   */
  private FloatInput answers(int side, boolean shared) {
    float[] sums = new float[pairs.size() * owners.length];
    int[] tokens = new int[pairs.size()];
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] < 0 || owners[i] % 2 != side) {
        continue;
      }
      int pair = owners[i] / 2;
      boolean inside = !shared || tokens[pair] < pairs.get(pair).example().sharedTokens();
      sums[pair * owners.length + i] = inside ? 1 : 0;
      tokens[pair]++;
    }
    return new FloatInput(sums, pairs.size(), owners.length);
  }

  private FloatInput prompts() {
    float[] sums = new float[pairs.size() * owners.length];
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] < 0) {
        sums[(owners[i] + pairs.size()) * owners.length + i] = 1;
      }
    }
    return new FloatInput(sums, pairs.size(), owners.length);
  }

  private FloatInput vector(ToDoubleFunction<Pair> field) {
    float[] values = new float[pairs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) field.applyAsDouble(pairs.get(i));
    }
    return new FloatInput(values, values.length);
  }
}
