package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.hook.MetricGraph;
import org.alignment4j.runtime.hook.MetricRows;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * Runs a decoder edge by edge. Three compiled graphs serve every circuit and every score of one
 * form of metric. Activations of all sources are arrays {@code [position, source, dModel]} of one
 * sequence. Thread-safe.
 */
final class CircuitEngine {

  private static final String SOURCES = "circuit.sources";

  private enum Kind {
    SOURCES,
    CIRCUIT,
    SCORES
  }

  /** Equal keys mean equal graphs. */
  private record Key(Kind kind, LogitMetric.Form form, Set<String> adapted) {
    @Override
    public String toString() {
      return "decoder by edges: " + kind;
    }
  }

  private final DecoderInstance model;
  private final ComputationGraph graph;
  private final int width;
  private final int vocabulary;

  CircuitEngine(DecoderModel model) {
    this.model = model.instance();
    this.graph = ComputationGraph.of(model);
    this.width = model.architecture().config().hiddenSize();
    this.vocabulary = model.architecture().config().vocabSize();
  }

  ComputationGraph graph() {
    return graph;
  }

  /** Elements of one position's activations. */
  int positionSize() {
    return graph.sourceCount() * width;
  }

  /** What every source writes in each sequence. */
  List<float[]> sources(List<TokenIds> sequences) {
    TokenBatch batch = batch(sequences);
    return run(
        new Key(Kind.SOURCES, LogitMetric.Form.LOGITS, model.adapterInputs()),
        batch,
        made -> {},
        Set.of(SOURCES),
        result -> {
          int row = batch.seq() * positionSize();
          List<float[]> each = new ArrayList<>();
          for (int i = 0; i < sequences.size(); i++) {
            float[] data = new float[sequences.get(i).size() * positionSize()];
            result.get(SOURCES).floats().get(i * row, data);
            each.add(data);
          }
          return each;
        });
  }

  /**
   * The metric of each sequence in a circuit of its own.
   *
   * @param corrupted what edges outside carry, by sequence
   */
  double[] metrics(
      List<TokenIds> sequences,
      LogitMetric metric,
      List<float[]> corrupted,
      List<Circuit> circuits) {
    TokenBatch batch = batch(sequences);
    MetricRows rows = MetricRows.of(metric, sequences, vocabulary);
    return run(
        new Key(Kind.CIRCUIT, metric.form(), model.adapterInputs()),
        batch,
        made -> {
          made.putAll(rows.tensors(model.engine().runtime(), batch.seq()));
          made.put(CircuitTap.CORRUPTED, padded(batch, corrupted));
          made.put(CircuitTap.MASK, masks(circuits));
        },
        Set.of(MetricGraph.VALUES),
        result -> rows.sums(result.get(MetricGraph.VALUES).floats()));
  }

  /**
   * The gradient times difference of each edge and sequence.
   *
   * @param corrupted where sources are moved to, by sequence
   * @param difference corrupted minus clean activations, by sequence
   * @param shares how far each source is moved, by sequence and source
   * @return by sequence: port times sources plus source, 0 where there is no edge
   */
  List<double[]> scores(
      List<TokenIds> sequences,
      LogitMetric metric,
      List<float[]> corrupted,
      List<float[]> difference,
      float[][] shares) {
    TokenBatch batch = batch(sequences);
    MetricRows rows = MetricRows.of(metric, sequences, vocabulary);
    List<EdgeTap.PortGroup> groups = EdgeTap.groups(graph);
    Set<String> fetched = new HashSet<>();
    groups.forEach(group -> fetched.add(ScoreTap.output(group)));
    return run(
        new Key(Kind.SCORES, metric.form(), model.adapterInputs()),
        batch,
        made -> {
          made.putAll(rows.tensors(model.engine().runtime(), batch.seq()));
          made.put(ScoreTap.CORRUPTED, padded(batch, corrupted));
          made.put(ScoreTap.DIFFERENCE, padded(batch, difference));
          made.put(ScoreTap.SHARE, shares(shares));
        },
        fetched,
        result -> {
          List<double[]> each = new ArrayList<>();
          for (int row = 0; row < sequences.size(); row++) {
            each.add(new double[graph.portCount() * graph.sourceCount()]);
          }
          for (EdgeTap.PortGroup group : groups) {
            copy(group, result.get(ScoreTap.output(group)), each);
          }
          return each;
        });
  }

  private void copy(EdgeTap.PortGroup group, Tensor tensor, List<double[]> into) {
    float[] data = new float[into.size() * group.count() * group.sources()];
    tensor.floats().get(0, data);
    for (int i = 0; i < data.length; i++) {
      int source = i % group.sources();
      int port = group.first() + i / group.sources() % group.count();
      into.get(i / group.sources() / group.count())[port * graph.sourceCount() + source] = data[i];
    }
  }

  private static TokenBatch batch(List<TokenIds> sequences) {
    return TokenBatch.rightPadded(sequences.stream().map(TokenIds::toArray).toList());
  }

  private <T> T run(
      Key key,
      TokenBatch batch,
      Consumer<OwnedTensors> inputs,
      Set<String> fetched,
      Function<RunResult, T> read) {
    return model.call(
        () -> {
          try (GraphLease lease = model.engine().hooked(key, () -> build(key));
              OwnedTensors made = OwnedTensors.of(batch.tensors(model.engine()))) {
            inputs.accept(made);
            try (RunResult result =
                lease.graph().run(model.feeds(made.asMap()), Map.of(), fetched)) {
              return read.apply(result);
            }
          }
        });
  }

  private GraphModel build(Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    switch (key.kind()) {
      case SOURCES -> {
        SourcesTap tap = new SourcesTap(ops, graph);
        decoder(ops, tap).residual();
        ops.graph().output(SOURCES, tap.all());
      }
      case CIRCUIT -> {
        DecoderGraph decoder = decoder(ops, new CircuitTap(ops, graph));
        MetricGraph.emit(ops, decoder.rowLogits(decoder.residual(), false), key.form());
      }
      case SCORES -> {
        ScoreTap tap = new ScoreTap(ops, graph);
        DecoderGraph decoder = decoder(ops, tap);
        Value logits = decoder.rowLogits(decoder.residual(), true);
        Value metric = MetricGraph.emit(ops, logits, key.form());
        tap.emit(Gradients.of(ops.graph(), ops.sumAll(metric)));
      }
    }
    return ops.graph().toModel();
  }

  private DecoderGraph decoder(Ops ops, EdgeTap tap) {
    return new DecoderGraph(
        ops, model.engine().architecture(), AttentionKind.MASKED, model.training(), tap);
  }

  private Tensor padded(TokenBatch batch, List<float[]> each) {
    long size = (long) batch.batch() * batch.seq() * positionSize();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "activations of "
              + batch.batch()
              + " rows of "
              + batch.seq()
              + " tokens and "
              + graph.sourceCount()
              + " sources must fit one array; run fewer rows at once");
    }
    float[] data = new float[(int) size];
    for (int row = 0; row < each.size(); row++) {
      System.arraycopy(
          each.get(row), 0, data, row * batch.seq() * positionSize(), each.get(row).length);
    }
    return Tensor.copyOf(
        model.engine().runtime(), data, batch.batch(), batch.seq(), graph.sourceCount(), width);
  }

  private Tensor masks(List<Circuit> circuits) {
    int ports = graph.portCount();
    int sources = graph.sourceCount();
    float[] data = new float[circuits.size() * ports * sources];
    for (int i = 0; i < data.length; i++) {
      int port = i / sources % ports;
      data[i] = circuits.get(i / sources / ports).contains(port, i % sources) ? 0 : 1;
    }
    return Tensor.copyOf(model.engine().runtime(), data, circuits.size(), ports, sources);
  }

  private Tensor shares(float[][] shares) {
    float[] data = new float[shares.length * graph.sourceCount()];
    for (int row = 0; row < shares.length; row++) {
      System.arraycopy(shares[row], 0, data, row * graph.sourceCount(), graph.sourceCount());
    }
    return Tensor.copyOf(model.engine().runtime(), data, shares.length, graph.sourceCount());
  }
}
