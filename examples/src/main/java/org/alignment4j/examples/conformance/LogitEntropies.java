package org.alignment4j.examples.conformance;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.HeadDistribution;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/** Entropies of given logits, in float64 and with the expression that training runs. */
final class LogitEntropies {

  private LogitEntropies() {}

  /** The entropy at each token, of logits {@code [rows, columns, vocabulary]}. */
  static TokenValues of(Fixture logits, PaddedTokens tokens) {
    List<double[]> rows =
        IntStream.range(0, tokens.lengths().length)
            .boxed()
            .flatMap(
                s ->
                    logits.elements().get(s).elements().stream()
                        .limit(tokens.lengths()[s])
                        .map(Fixture::numbers))
            .toList();
    double[] entropies = run(rows);
    double[][] byRow = new double[tokens.lengths().length][];
    int from = 0;
    for (int s = 0; s < byRow.length; s++) {
      int to = from + tokens.lengths()[s];
      byRow[s] = IntStream.range(from, to).mapToDouble(i -> entropies[i]).toArray();
      from = to;
    }
    return TokenValues.of(byRow);
  }

  private static double[] run(List<double[]> rows) {
    int count = rows.size();
    int vocabulary = rows.get(0).length;
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    // A head that is the identity makes logits of what it is given.
    Value logits = graph.parameter("logits", Shape.of(count, vocabulary), false);
    Value head = graph.parameter("head", Shape.of(vocabulary, vocabulary), false);
    Value labels = graph.input("labels", ElementType.INT64, Shape.of(count));
    Value chosen = new Layers(ops).linearLogProb(logits, head, null, labels);
    graph.output("entropies", HeadDistribution.of(ops, chosen).entropies());
    double[] identity = new double[vocabulary * vocabulary];
    for (int v = 0; v < vocabulary; v++) {
      identity[v * vocabulary + v] = 1;
    }
    double[] flat = rows.stream().flatMapToDouble(Arrays::stream).toArray();
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "entropies", graph.toModel());
        Tensor ofLogits = Tensor.copyOf(runtime, flat, count, vocabulary);
        Tensor ofHead = Tensor.copyOf(runtime, identity, vocabulary, vocabulary);
        Tensor ofLabels = Tensor.copyOf(runtime, new long[count], count);
        RunResult result =
            compiled.run(
                Map.of("logits", ofLogits, "head", ofHead, "labels", ofLabels),
                Map.of(),
                graph.outputs().keySet())) {
      DoubleBuffer buffer = result.get("entropies").doubles();
      double[] entropies = new double[count];
      buffer.get(entropies);
      return entropies;
    }
  }
}
