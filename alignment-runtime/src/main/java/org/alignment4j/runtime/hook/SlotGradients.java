package org.alignment4j.runtime.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.LogitMetric.Form;
import org.alignment4j.api.hook.LogitMetric.Row;
import org.alignment4j.api.hook.LogitMetric.Term;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * The gradient of a target's mean negative log-likelihood with respect to some tokens of its
 * prompt: to their rows of the embedding table, or, by its product with the table, to their one-hot
 * vectors (Zou et al. 2023, section 2.2). Thread-safe.
 */
public final class SlotGradients {

  private static final String SLOTS = "slots";
  private static final String GRADIENT = "slot gradients";

  /** What the loss is differentiated by. */
  public enum Variable {
    /** One-hot vectors, as wide as the vocabulary. */
    ONE_HOT,
    /** Rows of the embedding table. */
    EMBEDDING
  }

  /** Equal keys mean equal graphs. */
  private record Key(Variable variable, Object edits, Set<String> adapted) {
    @Override
    public String toString() {
      return "gradients of tokens";
    }
  }

  private final DecoderInstance model;
  private final Interventions interventions;

  /**
   * Gradients of a model.
   *
   * @param interventions what the model changes in every run
   */
  public SlotGradients(DecoderInstance model, Interventions interventions) {
    this.model = model;
    this.interventions = interventions;
  }

  /**
   * The gradient.
   *
   * @param request one whose tokens the model knows and whose length fits it
   * @throws IllegalStateException when a Java function changes activations, which has no gradient
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public InputGradients of(GradientRequest request, Variable variable) {
    interventions.requireDifferentiable(List.of());
    int slots = request.slotEnd() - request.slotStart();
    TokenIds target = request.target();
    TokenIds read = request.prompt().concat(target.slice(0, target.size() - 1));
    MetricRows rows = MetricRows.of(loss(request), List.of(read), config().vocabSize());
    TokenBatch batch = TokenBatch.rightPadded(List.of(read.toArray()));
    OrtRuntime runtime = model.engine().runtime();
    Key key = new Key(variable, interventions.structure(), model.adapterInputs());
    try (GraphLease lease = model.engine().hooked(key, () -> build(variable));
        OwnedTensors inputs = OwnedTensors.of(batch.tensors(model.engine()))) {
      inputs.putAll(rows.tensors(runtime, batch.seq()));
      inputs.put(SLOTS, Tensor.copyOf(runtime, places(request), slots));
      Columns columns = columns(request, batch);
      Map<String, Tensor> feeds = model.feeds(inputs.asMap());
      try (RunResult result =
          interventions.run(
              lease.graph(), feeds, columns, Map.of(), Set.of(MetricGraph.VALUES, GRADIENT))) {
        double loss = rows.sums(result.get(MetricGraph.VALUES).floats())[0];
        float[] gradient = result.get(GRADIENT).array();
        return new InputGradients(loss, slots, gradient.length / slots, gradient);
      }
    }
  }

  private DecoderConfig config() {
    return model.engine().architecture().config();
  }

  /** The mean negative log-likelihood of the target. */
  private static LogitMetric loss(GradientRequest request) {
    TokenIds target = request.target();
    List<Term> terms = new ArrayList<>();
    for (int t = 0; t < target.size(); t++) {
      terms.add(Term.of(request.prompt().size() - 1 + t, target.get(t), -1.0 / target.size()));
    }
    return new LogitMetric(Form.LOG_PROBABILITIES, List.of(new Row(0, terms)));
  }

  private static long[] places(GradientRequest request) {
    long[] places = new long[request.slotEnd() - request.slotStart()];
    for (int i = 0; i < places.length; i++) {
      places[i] = request.slotStart() + (long) i;
    }
    return places;
  }

  private static Columns columns(GradientRequest request, TokenBatch batch) {
    int seq = batch.seq();
    int[] prompts = {request.prompt().size()};
    return new Columns(1, seq, seq, new int[1], prompts, batch.positions(), batch.positions());
  }

  private GraphModel build(Variable variable) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    GraphTap tap = interventions.tap(ops, Set.of(), Set.of(DecoderGraph.TOKEN_ROWS));
    DecoderGraph decoder =
        new DecoderGraph(
            ops, model.engine().architecture(), AttentionKind.MASKED, model.training(), tap);
    Value logits = decoder.rowLogits(decoder.residual(), true);
    Value loss = ops.sumAll(MetricGraph.emit(ops, logits, Form.LOG_PROBABILITIES));
    Value tokens = Objects.requireNonNull(tap.watched().get(DecoderGraph.TOKEN_ROWS));
    Gradients gradients = Gradients.of(ops.graph(), loss);
    Value all = gradients.dense(tokens).orElseGet(() -> ops.scale(tokens, 0));
    Value slots = ops.graph().input(SLOTS, ElementType.INT64, Shape.of(Dim.symbol(SLOTS)));
    Value rows =
        ops.embed(ops.reshape(all, Dim.symbol("flat"), Dim.of(config().embeddingSize())), slots);
    ops.graph()
        .output(GRADIENT, variable == Variable.ONE_HOT ? decoder.timesTokenTable(rows) : rows);
    return ops.graph().toModel();
  }
}
