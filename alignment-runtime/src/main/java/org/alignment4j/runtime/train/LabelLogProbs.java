package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of a micro-batch's labels without gradients: what an objective needs of a
 * reference policy. The weights alone are the reference of an adapter trained on them. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LabelLogProbs {
  private static final String OUTPUT = "label_log_probs";

  /** What the head gives at a temperature, for the labels or the sequences of a batch. */
  private record Labels(double temperature) implements RowReading.Quantity {
    @Override
    public Set<String> outputs() {
      return Set.of(OUTPUT);
    }

    @Override
    public void build(Ops ops, DecoderGraph decoder, Value rows) {
      ops.graph().output(OUTPUT, decoder.outputs(rows, temperature));
    }

    @Override
    public String toString() {
      return "log-probabilities of labels";
    }
  }

  private LabelLogProbs() {}

  /**
   * Scores labels under weights.
   *
   * @param engine graphs of the model's architecture
   * @param weights the model
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static float[] of(DecoderEngine engine, BoundWeights weights, MicroBatch batch) {
    return run(engine, Set.of(), weights.tensors(), batch);
  }

  /**
   * Scores labels under weights with an adapter.
   *
   * @param engine graphs of the model's architecture
   * @param weights the model
   * @param adapter its adapter
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static float[] of(
      DecoderEngine engine, BoundWeights weights, LoraAdapter adapter, MicroBatch batch) {
    return of(engine, weights, adapter, 1, batch);
  }

  /**
   * Scores labels at a temperature, which divides the logits.
   *
   * @param engine graphs of the model's architecture
   * @param weights the model
   * @param adapter its adapter; null for none
   * @param temperature positive
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws IllegalArgumentException when the head cannot be run at that temperature
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static float[] of(
      DecoderEngine engine,
      BoundWeights weights,
      @Nullable LoraAdapter adapter,
      double temperature,
      MicroBatch batch) {
    return RowReading.of(
        new Labels(temperature), engine, weights, adapter, batch, LabelLogProbs::values);
  }

  static float[] run(
      DecoderEngine engine, Set<String> adapted, Map<String, Tensor> weights, MicroBatch batch) {
    return run(engine, adapted, Set.of(), 1, weights, batch);
  }

  /** What the head gives at a temperature, for the labels or the sequences of a batch. */
  static float[] run(
      DecoderEngine engine,
      Set<String> adapted,
      Set<String> decomposed,
      double temperature,
      Map<String, Tensor> weights,
      MicroBatch batch) {
    return new RowReading(new Labels(temperature), adapted, decomposed, batch.tokens().attention())
        .run(engine, weights, batch, LabelLogProbs::values);
  }

  private static float[] values(RunResult result) {
    FloatBuffer values = result.get(OUTPUT).floats();
    float[] logProbs = new float[values.remaining()];
    values.get(logProbs);
    return logProbs;
  }
}
