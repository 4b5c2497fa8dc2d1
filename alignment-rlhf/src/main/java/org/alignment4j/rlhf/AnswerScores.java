package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.AnswerLayout;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MicroBatch;

/** Log-probabilities of any number of answers to each of several prompts. */
final class AnswerScores {

  private AnswerScores() {}

  /**
   * Sums the log-probabilities of the tokens of each answer.
   *
   * @param labels scores the labels of a micro-batch
   */
  static List<double[]> of(
      Function<MicroBatch, float[]> labels,
      List<Answers> prompts,
      RowPlan plan,
      CancellationToken cancellation) {
    List<double[]> sums = new ArrayList<>();
    prompts.forEach(p -> sums.add(new double[p.answers().size()]));
    int slots = prompts.stream().mapToInt(p -> p.answers().size()).max().orElse(1);
    for (AnswerLayout layout : AnswerLayout.of(prompts, slots, plan)) {
      cancellation.throwIfCancelled("scoring answers");
      float[] tokens = labels.apply(layout.toMicroBatch(Map.of()));
      int[] owners = layout.owners();
      for (int i = 0; i < tokens.length; i++) {
        sums.get(layout.prompts().get(owners[i] / slots))[owners[i] % slots] += tokens[i];
      }
    }
    return sums;
  }

  /** The same under a model that does not change. */
  static List<double[]> of(
      DecoderModel model, List<Answers> prompts, RowPlan plan, CancellationToken cancellation) {
    try (BoundWeights weights = BoundWeights.of(model.engine().runtime(), model.weights())) {
      return of(
          batch -> model.instance().call(() -> score(model, weights, batch)),
          prompts,
          plan,
          cancellation);
    }
  }

  private static float[] score(DecoderModel model, BoundWeights weights, MicroBatch batch) {
    LoraAdapter adapter = model.adapter();
    return adapter == null
        ? LabelLogProbs.of(model.engine(), weights, batch)
        : LabelLogProbs.of(model.engine(), weights, adapter, batch);
  }
}
