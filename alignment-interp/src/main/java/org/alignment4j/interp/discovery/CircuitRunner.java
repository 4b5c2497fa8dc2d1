package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Runs circuits on the clean prompts of pairs (Hanna et al. 2024, section 3): every edge outside a
 * circuit carries the corrupted activation of its source, every edge inside the current one. The
 * full circuit is the clean run, the empty one the corrupted run. One compiled graph serves every
 * circuit. Keeps the corrupted activations of all pairs: {@code tokens x sources x dModel} floats
 * each, one source for each head, MLP and the input. Immutable, and safe for concurrent use while
 * the model is open.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CircuitRunner {

  private final DecoderModel model;
  private final CircuitEngine engine;
  private final List<ContrastPair> pairs;
  private final Corruption corruption;
  private final int rows;
  private final List<float[]> corrupted;

  private CircuitRunner(
      DecoderModel model,
      CircuitEngine engine,
      List<ContrastPair> pairs,
      Corruption corruption,
      int rows,
      List<float[]> corrupted) {
    this.model = model;
    this.engine = engine;
    this.pairs = List.copyOf(pairs);
    this.corruption = corruption;
    this.rows = rows;
    this.corrupted = List.copyOf(corrupted);
  }

  /**
   * Prepares runs: computes the corrupted activations.
   *
   * @param model the model
   * @param pairs the prompts, at least one pair, with metrics of one form
   * @param corruption what edges outside carry
   * @param rows how many sequences are run at once, positive
   * @param cancellation asks to stop between batches
   * @return the runner
   * @throws IllegalArgumentException when the model's stream is not the sum of its parts, there is
   *     no pair, forms of metrics differ, rows are not positive, or lengths differ where the mean
   *     is by position
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static CircuitRunner of(
      DecoderModel model,
      List<ContrastPair> pairs,
      Corruption corruption,
      int rows,
      CancellationToken cancellation) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one pair");
    }
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be positive but was " + rows);
    }
    Objects.requireNonNull(corruption, "corruption");
    LogitMetric.each(pairs.stream().map(ContrastPair::metric).toList());
    CircuitEngine engine = new CircuitEngine(model);
    return new CircuitRunner(
        model,
        engine,
        pairs,
        corruption,
        rows,
        CorruptedActivations.of(engine, pairs, corruption, rows, cancellation));
  }

  /** The same runs with other activations on the edges outside. */
  CircuitRunner withCorrupted(List<float[]> others) {
    return new CircuitRunner(model, engine, pairs, corruption, rows, others);
  }

  /**
   * Returns the model's computation graph.
   *
   * @return the graph
   */
  public ComputationGraph graph() {
    return engine.graph();
  }

  /**
   * Returns the model.
   *
   * @return the model whose circuits are run
   */
  public DecoderModel model() {
    return model;
  }

  /**
   * Returns the pairs.
   *
   * @return the prompts and their metrics
   */
  public List<ContrastPair> pairs() {
    return pairs;
  }

  /**
   * Returns what edges outside carry.
   *
   * @return the corruption
   */
  public Corruption corruption() {
    return corruption;
  }

  CircuitEngine engine() {
    return engine;
  }

  int rows() {
    return rows;
  }

  List<float[]> corrupted() {
    return corrupted;
  }

  /**
   * Returns the metric of each pair in a circuit.
   *
   * @param circuit the circuit
   * @param cancellation asks to stop between batches
   * @return the metrics on the clean prompts, by pair
   * @throws IllegalArgumentException when the circuit is of another graph
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public double[] metric(Circuit circuit, CancellationToken cancellation) {
    return metrics(List.of(circuit), cancellation).get(0);
  }

  /**
   * Returns the metric of each pair in several circuits, which share batches.
   *
   * @param circuits the circuits
   * @param cancellation asks to stop between batches
   * @return by circuit and pair
   * @throws IllegalArgumentException when a circuit is of another graph
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<double[]> metrics(List<Circuit> circuits, CancellationToken cancellation) {
    return metrics(circuits, pairs.stream().map(ContrastPair::metric).toList(), cancellation);
  }

  /** As {@link #metrics(List, CancellationToken)}, with other metrics of the pairs. */
  List<double[]> metrics(
      List<Circuit> circuits, List<LogitMetric> metrics, CancellationToken cancellation) {
    for (Circuit circuit : circuits) {
      if (!circuit.graph().equals(graph())) {
        throw new IllegalArgumentException(
            "circuits must be of the model's " + graph() + " but one is of " + circuit.graph());
      }
    }
    int jobs = circuits.size() * pairs.size();
    double[] all = new double[jobs];
    for (int from = 0; from < jobs; from += rows) {
      cancellation.throwIfCancelled("the runs of circuits");
      List<TokenIds> tokens = new ArrayList<>();
      List<LogitMetric> wanted = new ArrayList<>();
      List<float[]> others = new ArrayList<>();
      List<Circuit> each = new ArrayList<>();
      for (int job = from; job < Math.min(jobs, from + rows); job++) {
        int pair = job % pairs.size();
        tokens.add(pairs.get(pair).clean());
        wanted.add(metrics.get(pair));
        others.add(corrupted.get(pair));
        each.add(circuits.get(job / pairs.size()));
      }
      double[] part = engine.metrics(tokens, LogitMetric.each(wanted), others, each);
      System.arraycopy(part, 0, all, from, part.length);
    }
    List<double[]> byCircuit = new ArrayList<>();
    for (int i = 0; i < circuits.size(); i++) {
      byCircuit.add(Arrays.copyOfRange(all, i * pairs.size(), (i + 1) * pairs.size()));
    }
    return byCircuit;
  }
}
