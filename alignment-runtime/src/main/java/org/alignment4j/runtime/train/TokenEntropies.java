package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.HeadDistribution;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
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

  /** Equal keys, equal graphs. */
  private record Key(
      Set<String> adapted, Set<String> decomposed, double temperature, AttentionKind attention) {
    /** What errors call the graph. */
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
    Key key =
        adapter == null
            ? new Key(Set.of(), Set.of(), temperature, batch.tokens().attention())
            : new Key(
                Set.copyOf(adapter.matrices().keySet()),
                adapter.decomposed(),
                temperature,
                batch.tokens().attention());
    return LabelLogProbs.with(
        engine, weights, adapter, tensors -> run(engine, key, tensors, batch));
  }

  private static TokenEntropies run(
      DecoderEngine engine, Key key, Map<String, Tensor> weights, MicroBatch batch) {
    CompiledGraph graph = engine.graph(key, () -> build(engine.architecture(), key));
    try (MicroBatchFeeds inputs = new MicroBatchFeeds(engine, batch)) {
      Map<String, Tensor> all = new HashMap<>(engine.constants());
      all.putAll(weights);
      all.putAll(inputs.tensors());
      try (RunResult result = graph.run(all, Map.of(), Set.of(LOG_PROBS, ENTROPIES))) {
        return new TokenEntropies(
            values(result.get(LOG_PROBS).floats()), values(result.get(ENTROPIES).floats()));
      }
    }
  }

  private static float[] values(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static GraphModel build(Architecture architecture, Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            architecture,
            key.attention(),
            new DecoderGraph.Training(
                name -> false,
                key.adapted(),
                false,
                (weight, x) -> x,
                new DecoderGraph.Gains(key.decomposed(), false)),
            Tap.none());
    Value rows = decoder.finalNorm(decoder.selectRows(decoder.residual(), false));
    Value logProbs = decoder.outputs(rows, key.temperature());
    ops.graph().output(LOG_PROBS, logProbs);
    ops.graph().output(ENTROPIES, HeadDistribution.of(ops, logProbs).entropies());
    return ops.graph().toModel();
  }
}
