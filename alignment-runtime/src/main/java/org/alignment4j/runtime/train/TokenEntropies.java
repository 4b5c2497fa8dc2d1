package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.HeadDistribution;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How sure a language model is at each row of a micro-batch, without gradients. Arrays are shared
 * and read-only.
 *
 * @param logProbs log-probability of each label, {@code [rows]}
 * @param entropies entropy of the whole distribution that the label is one of, in nats, {@code
 *     [rows]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenEntropies(float[] logProbs, float[] entropies) {

  private static final String LOG_PROBS = "label_log_probs";
  private static final String ENTROPIES = "entropies";

  /** Both at a temperature. */
  private record Sureness(double temperature) implements RowReading.Quantity {
    @Override
    public Set<String> outputs() {
      return Set.of(LOG_PROBS, ENTROPIES);
    }

    @Override
    public void build(Ops ops, DecoderGraph decoder, Value rows) {
      Value logProbs = decoder.outputs(rows, temperature);
      ops.graph().output(LOG_PROBS, logProbs);
      ops.graph().output(ENTROPIES, HeadDistribution.of(ops, logProbs).entropies());
    }

    @Override
    public String toString() {
      return "entropies of tokens";
    }
  }

  /**
   * Computes both at a temperature, which divides the logits.
   *
   * @param engine graphs of a language model's architecture
   * @param weights the model
   * @param adapter its adapter; null for none
   * @param temperature positive
   * @param batch the rows; inputs of an objective are ignored
   * @return log-probabilities and entropies
   * @throws IllegalArgumentException when the head cannot be run at that temperature, or scores
   *     sequences
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static TokenEntropies of(
      DecoderEngine engine,
      BoundWeights weights,
      @Nullable LoraAdapter adapter,
      double temperature,
      MicroBatch batch) {
    return RowReading.of(
        new Sureness(temperature),
        engine,
        weights,
        adapter,
        batch,
        result ->
            new TokenEntropies(
                values(result.get(LOG_PROBS).floats()), values(result.get(ENTROPIES).floats())));
  }

  private static float[] values(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}
