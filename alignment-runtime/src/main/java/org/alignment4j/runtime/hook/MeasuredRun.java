package org.alignment4j.runtime.hook;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;

/**
 * A forward run that ends in a metric, and the backward pass to some of its activations. The
 * metric's weights are inputs of the graph, so that metrics of one form share it.
 *
 * @param span the layers it computes, up to the last
 * @param reads the hook points to keep, in the order of the forward pass
 * @param points the hook points whose gradients are wanted, in that order; none for no backward
 *     pass
 */
record MeasuredRun(
    DecoderInstance model,
    Interventions interventions,
    List<TokenIds> sequences,
    LayerSpan span,
    List<HookPoint<?>> reads,
    List<HookPoint<?>> points,
    LogitMetric metric) {

  private static final String GRADIENT = "gradient.";

  /** Equal keys mean equal graphs. */
  private record Key(
      Object edits,
      LayerSpan.Structure span,
      Set<String> reads,
      Set<String> points,
      LogitMetric.Form form,
      Set<String> adapted) {
    @Override
    public String toString() {
      return points.isEmpty() ? "measured forward pass" : "forward and backward pass";
    }
  }

  private record Outcome(double[] numbers, RunCache cache, RunCache gradients)
      implements GradientResult {
    @Override
    public double[] metric() {
      return numbers.clone();
    }
  }

  GradientResult execute() {
    MetricRows rows =
        MetricRows.of(metric, sequences, model.engine().architecture().config().vocabSize());
    return model.call(() -> run(rows));
  }

  private GradientResult run(MetricRows rows) {
    TokenBatch batch = TokenBatch.rightPadded(sequences.stream().map(TokenIds::toArray).toList());
    Columns columns = HookedRun.columns(sequences, batch);
    requireReadable(reads, columns);
    requireReadable(points, columns);
    Key key =
        new Key(
            interventions.structure(),
            span.structure(),
            names(reads),
            names(points),
            metric.form(),
            model.adapterInputs());
    Set<String> fetched = new HashSet<>(key.reads());
    key.points().forEach(name -> fetched.add(GRADIENT + name));
    fetched.add(MetricGraph.VALUES);
    try (GraphLease lease = model.engine().hooked(key, () -> build(key));
        OwnedTensors inputs = OwnedTensors.of(batch.tensors(model.engine()))) {
      span.put(model.engine().runtime(), batch, inputs);
      inputs.putAll(rows.tensors(model.engine().runtime(), batch.seq()));
      try (RunResult result =
          interventions.run(
              lease.graph(), model.feeds(inputs.asMap()), columns, Map.of(), fetched)) {
        return new Outcome(
            rows.sums(result.get(MetricGraph.VALUES).floats()), kept(result), gradients(result));
      }
    }
  }

  private RunCache kept(RunResult result) {
    LinkedHashMap<HookPoint<?>, Supplier<Activation>> activations = new LinkedHashMap<>();
    for (HookPoint<?> point : reads) {
      Activation kept = Activation.of(point.kind(), result.get(point.name()));
      activations.put(point, () -> kept);
    }
    return new RunCache(activations, sequences);
  }

  private RunCache gradients(RunResult result) {
    int[] lengths = sequences.stream().mapToInt(TokenIds::size).toArray();
    LinkedHashMap<HookPoint<?>, Supplier<Activation>> activations = new LinkedHashMap<>();
    for (HookPoint<?> point : points) {
      // A gradient is zero at a hidden key, where a score is negative infinity.
      HookKind kind = point.kind() == HookKind.ATTN_SCORES ? HookKind.PATTERN : point.kind();
      Activation gradient =
          Activation.of(kind, result.get(GRADIENT + point.name())).withinReach(lengths);
      activations.put(point, () -> gradient);
    }
    return new RunCache(activations, sequences);
  }

  private void requireReadable(List<HookPoint<?>> wanted, Columns columns) {
    wanted.forEach(
        point -> RunShape.requireReadable(interventions.catalog(), point.kind(), columns));
  }

  private static Set<String> names(Collection<HookPoint<?>> points) {
    return points.stream().map(HookPoint::name).collect(Collectors.toUnmodifiableSet());
  }

  private GraphModel build(Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    GraphTap tap = interventions.tap(ops, key.reads(), key.points());
    DecoderGraph decoder =
        new DecoderGraph(
            ops, model.engine().architecture(), AttentionKind.MASKED, model.training(), tap);
    Value logits =
        decoder.rowLogits(
            LayerSpan.emit(key.span(), decoder, interventions.catalog().layers()), true);
    Value metrics = MetricGraph.emit(ops, logits, key.form());
    if (points.isEmpty()) {
      return ops.graph().toModel();
    }
    Gradients gradients = Gradients.of(ops.graph(), ops.sumAll(metrics));
    tap.watched()
        .forEach(
            (name, value) ->
                ops.graph()
                    .output(
                        GRADIENT + name,
                        gradients.dense(value).orElseGet(() -> ops.scale(value, 0))));
    return ops.graph().toModel();
  }
}
