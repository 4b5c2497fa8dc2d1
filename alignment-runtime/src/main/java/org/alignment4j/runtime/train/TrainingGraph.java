package org.alignment4j.runtime.train;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.RowGradient;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;

/**
 * The compiled forward and backward pass of one objective. Its outputs are named: the loss,
 * metrics, dense gradients by parameter, and row gradients by position in the backward pass and
 * parameter.
 *
 * @param compiled the graph
 * @param dense parameters with a dense gradient
 * @param rows parameters with row gradients, by position
 * @param metrics the objective's metrics
 */
record TrainingGraph(
    CompiledGraph compiled, Set<String> dense, Map<Integer, String> rows, Set<String> metrics) {

  static final String LOSS = "loss";
  private static final String DENSE = "gradient/";
  private static final String ROWS = "rows/";
  private static final String IDS = "ids/";
  private static final String METRIC = "metric/";

  /** Equal keys, equal graphs. */
  private record Key(
      Set<String> trained,
      Set<String> adapted,
      Set<String> decomposed,
      Object objective,
      NoiseSites noise,
      Recomputation recomputation,
      AttentionKind attention,
      Set<String> perturbed) {
    /** What errors call the graph. */
    @Override
    public String toString() {
      return "training on " + objective;
    }
  }

  /**
   * What is trained in a graph.
   *
   * @param weights checkpoint parameters
   * @param adapted linear weights that have an adapter
   * @param decomposed those of them whose outputs are rescaled
   * @param adapter whether the adapter is trained
   */
  record Trained(
      Set<String> weights, Set<String> adapted, Set<String> decomposed, boolean adapter) {}

  /**
   * Where inputs are added to activations.
   *
   * @param hooks names of hook points
   * @param differentiated whether their gradients are outputs
   */
  record Perturbed(Set<String> hooks, boolean differentiated) {}

  static TrainingGraph of(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      NoiseSites noise,
      Recomputation recomputation,
      AttentionKind attention,
      Set<String> perturbed) {
    Set<String> trained = Set.of();
    Set<String> adapted = Set.of();
    Set<String> decomposed = Set.of();
    if (trainable instanceof Trainable.FullWeights full) {
      trained = full.names();
    } else if (trainable instanceof Trainable.Adapter adapter) {
      trained = adapter.names();
      adapted = adapter.start().matrices().keySet();
      decomposed = adapter.start().decomposed();
    }
    Key key =
        new Key(
            Set.copyOf(trained),
            Set.copyOf(adapted),
            decomposed,
            objective.key(),
            noise,
            recomputation,
            attention,
            Set.copyOf(perturbed));
    CompiledGraph compiled =
        engine.graph(
            key,
            () ->
                build(
                        new Ops(new Graph(ElementType.FLOAT)),
                        engine.architecture(),
                        new Trained(
                            key.trained(),
                            key.adapted(),
                            key.decomposed(),
                            !key.adapted().isEmpty()),
                        objective,
                        noise,
                        recomputation,
                        attention,
                        new Perturbed(key.perturbed(), false))
                    .toModel());
    return describe(compiled);
  }

  /** Emits the forward and backward pass with its outputs. */
  static Graph build(
      Ops ops,
      Architecture architecture,
      Trained trained,
      Objective objective,
      NoiseSites noise,
      Recomputation recomputation,
      AttentionKind attention,
      Perturbed perturbed) {
    NoiseTap noises = new NoiseTap(ops, noise);
    DecoderGraph.Training training =
        new DecoderGraph.Training(
            trained.weights()::contains,
            trained.adapted(),
            trained.adapter(),
            noises::adapterInput,
            new DecoderGraph.Gains(trained.decomposed(), false));
    Tap tap =
        perturbed.hooks().isEmpty()
            ? noises
            : new PerturbationTap(ops, noises, perturbed.hooks(), perturbed.differentiated());
    DecoderGraph decoder = new DecoderGraph(ops, architecture, attention, training, tap);
    Value rows = decoder.finalNorm(decoder.selectRows(decoder.residual(), true));
    Value outputs = decoder.outputs(rows, objective.temperature());
    ObjectiveGraph emitted =
        objective.build(ops, outputs, () -> meanLogProbs(ops, decoder, rows, outputs));
    Graph graph = ops.graph();
    graph.output(LOSS, emitted.loss());
    emitted.metrics().forEach((name, value) -> graph.output(METRIC + name, value));
    Gradients gradients =
        recomputation == Recomputation.BLOCKS
            ? Gradients.recomputing(graph, emitted.loss())
            : Gradients.of(graph, emitted.loss());
    for (Value input : graph.inputs()) {
      if (input.requiresGrad()) {
        gradients.dense(input).ifPresent(g -> graph.output(DENSE + input.name(), g));
      }
    }
    int position = 0;
    for (RowGradient r : gradients.rows()) {
      String suffix = position++ + "/" + r.parameter().name();
      graph.output(IDS + suffix, r.ids());
      graph.output(ROWS + suffix, r.rows());
    }
    return graph;
  }

  private static Value meanLogProbs(Ops ops, DecoderGraph decoder, Value rows, Value outputs) {
    if (outputs.rank() != 1) {
      throw new IllegalStateException(
          "an objective of a sequence classifier must not depend on log-probabilities of tokens");
    }
    Value mean = ops.meanLast(ops.logSoftmax(decoder.logits(rows)));
    return ops.reshape(mean, outputs.shape());
  }

  private static TrainingGraph describe(CompiledGraph compiled) {
    Set<String> dense = new TreeSet<>();
    Map<Integer, String> rows = new TreeMap<>();
    Set<String> metrics = new TreeSet<>();
    for (String name : compiled.outputNames()) {
      if (name.startsWith(DENSE)) {
        dense.add(name.substring(DENSE.length()));
      } else if (name.startsWith(METRIC)) {
        metrics.add(name.substring(METRIC.length()));
      } else if (name.startsWith(ROWS)) {
        int slash = name.indexOf('/', ROWS.length());
        rows.put(Integer.valueOf(name.substring(ROWS.length(), slash)), name.substring(slash + 1));
      }
    }
    return new TrainingGraph(compiled, dense, rows, metrics);
  }

  /** What a run fetches besides dense gradients. */
  Set<String> fetched() {
    Set<String> names = new LinkedHashSet<>();
    names.add(LOSS);
    metrics.forEach(name -> names.add(metricOutput(name)));
    for (Map.Entry<Integer, String> row : rows.entrySet()) {
      names.add(idsOutput(row));
      names.add(rowsOutput(row));
    }
    return names;
  }

  static String denseOutput(String parameter) {
    return DENSE + parameter;
  }

  static String metricOutput(String metric) {
    return METRIC + metric;
  }

  static String idsOutput(Map.Entry<Integer, String> row) {
    return IDS + row.getKey() + "/" + row.getValue();
  }

  static String rowsOutput(Map.Entry<Integer, String> row) {
    return ROWS + row.getKey() + "/" + row.getValue();
  }
}
