package org.alignment4j.rlhf;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MicroBatch;

/**
 * Log-probabilities of both answers of each pair under one model, in the order of the pairs.
 *
 * @param chosen of the preferred answers, summed over tokens
 * @param rejected of the other answers
 * @param sharedChosen of the preferred answers' first tokens, as many as the shorter answer has
 * @param sharedRejected of the other answers' first tokens, as many
 */
record AnswerLogProbs(
    double[] chosen, double[] rejected, double[] sharedChosen, double[] sharedRejected) {

  /** Runs the model over packed rows, forward only. */
  static AnswerLogProbs of(
      DecoderModel model,
      List<PreferenceExample> examples,
      RowPlan plan,
      CancellationToken cancellation) {
    try (BoundWeights weights = BoundWeights.of(model.engine().runtime(), model.weights())) {
      return of(labels(model, weights), examples, plan, cancellation);
    }
  }

  /**
   * The same under what scores the labels of a micro-batch.
   *
   * @param labels log-probability of each label
   */
  static AnswerLogProbs of(
      Function<MicroBatch, float[]> labels,
      List<PreferenceExample> examples,
      RowPlan plan,
      CancellationToken cancellation) {
    int n = examples.size();
    AnswerLogProbs sums =
        new AnswerLogProbs(new double[n], new double[n], new double[n], new double[n]);
    score(
        labels,
        examples,
        plan,
        Set.of(),
        cancellation,
        (batch, tokens) -> add(sums, examples, batch, tokens));
    return sums;
  }

  /** Log-probabilities of the prompts, summed over all their tokens but the first. */
  static double[] ofPrompts(
      DecoderModel model,
      List<PreferenceExample> examples,
      RowPlan plan,
      CancellationToken cancellation) {
    double[] sums = new double[examples.size()];
    try (BoundWeights weights = BoundWeights.of(model.engine().runtime(), model.weights())) {
      score(
          labels(model, weights),
          examples,
          plan,
          Set.of(PairInput.PROMPT_TOKENS),
          cancellation,
          (batch, tokens) -> {
            int[] owners = batch.owners();
            for (int i = 0; i < tokens.length; i++) {
              if (owners[i] < 0) {
                sums[batch.pairs().get(owners[i] + batch.pairs().size())] += tokens[i];
              }
            }
          });
    }
    return sums;
  }

  private static void score(
      Function<MicroBatch, float[]> labels,
      List<PreferenceExample> examples,
      RowPlan plan,
      Set<PairInput> inputs,
      CancellationToken cancellation,
      BiConsumer<PreferenceRows.Batch, float[]> sums) {
    List<PreferenceRows.Pair> pairs =
        examples.stream().map(e -> new PreferenceRows.Pair(e, 0, 0)).toList();
    for (PreferenceRows.Batch batch : PreferenceRows.microBatches(pairs, plan, inputs)) {
      cancellation.throwIfCancelled("scoring answers");
      sums.accept(batch, labels.apply(batch.batch()));
    }
  }

  private static void add(
      AnswerLogProbs to,
      List<PreferenceExample> examples,
      PreferenceRows.Batch batch,
      float[] tokens) {
    int[] owners = batch.owners();
    int[] seen = new int[2 * batch.pairs().size()];
    for (int i = 0; i < tokens.length; i++) {
      int pair = batch.pairs().get(owners[i] / 2);
      boolean preferred = owners[i] % 2 == 0;
      (preferred ? to.chosen : to.rejected)[pair] += tokens[i];
      if (seen[owners[i]]++ < examples.get(pair).sharedTokens()) {
        (preferred ? to.sharedChosen : to.sharedRejected)[pair] += tokens[i];
      }
    }
  }

  private static Function<MicroBatch, float[]> labels(DecoderModel model, BoundWeights weights) {
    return batch -> model.instance().call(() -> score(model, weights, batch));
  }

  /** A pair with its log-probabilities here. */
  PreferenceRows.Pair pair(int i, PreferenceExample example) {
    return new PreferenceRows.Pair(
        example, chosen[i], rejected[i], sharedChosen[i], sharedRejected[i]);
  }

  private static float[] score(DecoderModel model, BoundWeights weights, MicroBatch batch) {
    LoraAdapter adapter = model.adapter();
    return adapter == null
        ? LabelLogProbs.of(model.engine(), weights, batch)
        : LabelLogProbs.of(model.engine(), weights, adapter, batch);
  }
}
