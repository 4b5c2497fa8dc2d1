package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MicroBatch;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of sampled tokens under a model that does not change, its adapter included, at
 * the temperature they were sampled at. Used by one thread.
 */
final class FrozenPolicy implements AutoCloseable {

  private final DecoderModel model;
  private final double temperature;
  private final @Nullable LoraAdapter adapter;
  private final BoundWeights weights;
  private final RowCosts costs;

  /**
   * Binds the weights.
   *
   * @param model kept open by its owner
   */
  FrozenPolicy(DecoderModel model, double temperature) {
    this(model, model.adapter(), temperature, RowCosts.of(model.architecture().config()));
  }

  /**
   * Binds the weights.
   *
   * @param model kept open by its owner
   * @param adapter in place of the model's own; null for none
   * @param costs what a run over tokens costs
   * @throws IllegalStateException when the model is closed
   */
  FrozenPolicy(
      DecoderModel model, @Nullable LoraAdapter adapter, double temperature, RowCosts costs) {
    this.model = model;
    this.adapter = adapter;
    this.temperature = temperature;
    this.costs = costs;
    this.weights =
        model.instance().call(() -> BoundWeights.of(model.engine().runtime(), model.weights()));
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
      batch.scatter(labels(batch.batch()), values);
    }
    return values;
  }

  /** Of the labels of a micro-batch. */
  float[] labels(MicroBatch batch) {
    return model
        .instance()
        .call(() -> LabelLogProbs.of(model.engine(), weights, adapter, temperature, batch));
  }

  /** What rows of tokens cost it. */
  RowCosts costs() {
    return costs;
  }

  /** Most tokens of a prompt and its answer. */
  int context() {
    return model.architecture().config().maxPositions();
  }

  @Override
  public void close() {
    weights.close();
  }
}
