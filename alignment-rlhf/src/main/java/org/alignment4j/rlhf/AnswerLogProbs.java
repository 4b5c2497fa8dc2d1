package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MicroBatch;

/**
 * Log-probabilities of both answers of each pair under one model.
 *
 * @param chosen of the preferred answers, summed over tokens, in the order of the pairs
 * @param rejected of the other answers
 */
record AnswerLogProbs(double[] chosen, double[] rejected) {

  /** Runs the model over packed rows, forward only. */
  static AnswerLogProbs of(
      DecoderModel model,
      List<PreferenceExample> examples,
      RowPlan plan,
      CancellationToken cancellation) {
    List<PreferenceRows.Pair> pairs = new ArrayList<>();
    for (PreferenceExample example : examples) {
      pairs.add(new PreferenceRows.Pair(example, 0, 0));
    }
    double[] chosen = new double[examples.size()];
    double[] rejected = new double[examples.size()];
    try (BoundWeights weights = BoundWeights.of(model.engine().runtime(), model.weights())) {
      for (PreferenceRows.Batch batch : PreferenceRows.microBatches(pairs, plan)) {
        cancellation.throwIfCancelled("scoring answers");
        float[] tokens = model.instance().call(() -> score(model, weights, batch.batch()));
        int[] owners = batch.owners();
        for (int i = 0; i < tokens.length; i++) {
          int pair = batch.pairs().get(owners[i] / 2);
          (owners[i] % 2 == 0 ? chosen : rejected)[pair] += tokens[i];
        }
      }
    }
    return new AnswerLogProbs(chosen, rejected);
  }

  private static float[] score(DecoderModel model, BoundWeights weights, MicroBatch batch) {
    LoraAdapter adapter = model.adapter();
    return adapter == null
        ? LabelLogProbs.of(model.engine(), weights, batch)
        : LabelLogProbs.of(model.engine(), weights, adapter, batch);
  }
}
