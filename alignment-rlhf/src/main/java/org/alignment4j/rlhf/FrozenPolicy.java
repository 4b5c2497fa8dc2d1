package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;

/**
 * Log-probabilities of sampled tokens under a model that does not change, its adapter included, at
 * the temperature they were sampled at. Used by one thread.
 */
final class FrozenPolicy implements AutoCloseable {

  private final DecoderModel model;
  private final double temperature;
  private final BoundWeights weights;
  private final RowCosts costs;

  /**
   * Binds the weights.
   *
   * @param model kept open by its owner
   */
  FrozenPolicy(DecoderModel model, double temperature) {
    this.model = model;
    this.temperature = temperature;
    this.costs = RowCosts.of(model.architecture().config());
    this.weights = BoundWeights.of(model.engine().runtime(), model.weights());
  }

  /** Of each token of each answer. */
  double[][] logProbs(List<Rollout> answers, CancellationToken cancellation) {
    double[][] values = new double[answers.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new double[answers.get(i).tokens().size()];
    }
    List<RolloutRows.Answer> rows =
        answers.stream().map(r -> new RolloutRows.Answer(r.promptTokens(), r.tokens())).toList();
    for (RolloutRows.Batch batch : RolloutRows.microBatches(rows, costs)) {
      cancellation.throwIfCancelled("scoring answers");
      float[] labels =
          model
              .instance()
              .call(
                  () ->
                      LabelLogProbs.of(
                          model.engine(), weights, model.adapter(), temperature, batch.batch()));
      batch.scatter(labels, values);
    }
    return values;
  }

  @Override
  public void close() {
    weights.close();
  }
}
