package org.alignment4j.runtime.graph;

import java.util.Map;

/**
 * The whole distribution over the vocabulary from which a linear head gives log-probabilities of
 * labels ({@link Layers#linearLogProb}). What is emitted here costs nothing where it is not asked
 * for, and passes over {@code [r, vocab]} where it is; its gradients need no matrix product of
 * their own. Not thread-safe.
 */
public final class HeadDistribution {

  private static final String LOGITS = "logits behind ";
  private static final String LOG_PROBS = "log-probabilities behind ";

  private final Graph graph;
  private final Ops ops;
  private final Value labelLogProbs;
  private final Value logits;
  private final Value logProbs;

  private HeadDistribution(Ops ops, Value labelLogProbs, Value logits, Value logProbs) {
    this.graph = ops.graph();
    this.ops = ops;
    this.labelLogProbs = labelLogProbs;
    this.logits = logits;
    this.logProbs = logProbs;
  }

  /** Notes what a head computed on the way to the log-probabilities of labels. */
  static void register(Graph graph, Value labelLogProbs, Value logits, Value logProbs) {
    graph.bind(LOGITS + labelLogProbs.name(), logits);
    graph.bind(LOG_PROBS + labelLogProbs.name(), logProbs);
  }

  /**
   * Finds the distribution behind log-probabilities of labels. Where logits were divided by a
   * temperature, it is the one at that temperature.
   *
   * @param ops emits into the graph
   * @param labelLogProbs what a head gave for its labels, itself, {@code [r]}
   * @return the distribution
   * @throws IllegalArgumentException when the value is anything else, such as scores of a sequence
   *     classifier; its graph is then of no use
   */
  public static HeadDistribution of(Ops ops, Value labelLogProbs) {
    Graph graph = ops.graph();
    Shape shape = Shape.of(labelLogProbs.dim(0), Dim.symbol("vocabulary"));
    Value logits = graph.parameter(LOGITS + labelLogProbs.name(), shape, false);
    if (graph.inputs().contains(logits)) {
      throw new IllegalArgumentException(
          "labelLogProbs must be the log-probabilities that a head gave for its labels but was "
              + labelLogProbs);
    }
    Value logProbs = graph.parameter(LOG_PROBS + labelLogProbs.name(), shape, false);
    return new HeadDistribution(ops, labelLogProbs, logits, logProbs);
  }

  /**
   * {@code H = −Σ p·log p} of each row, in nats. With {@code dH} its gradient reaches the logits as
   * {@code −dH∘p∘(log p + H)}.
   *
   * @return {@code [r]}
   */
  public Value entropies() {
    Value[] saved = new Value[1];
    return graph
        .tape()
        .composite(
            logits,
            () -> {
              Value weighted = ops.mul(ops.softmax(logProbs), logProbs);
              saved[0] = ops.neg(ops.sum(weighted, 1));
              return saved[0];
            },
            dy -> {
              Value above = ops.add(logProbs, column(saved[0]));
              Value pull = ops.mul(ops.softmax(logProbs), above);
              return ops.mul(column(ops.neg(dy)), pull);
            });
  }

  /**
   * {@code log Σ exp(s·z)} of each row. Its gradient is {@code s·softmax(s·z)}.
   *
   * @param scale s, positive
   * @return {@code [r]}
   */
  public Value logNormalisers(double scale) {
    Value[] saved = new Value[1];
    return graph
        .tape()
        .composite(
            logits,
            () -> {
              Value scaled = scale == 1 ? logits : ops.scale(logits, scale);
              saved[0] = scale == 1 ? logProbs : ops.logSoftmax(scaled);
              return ops.sub(first(scaled), first(saved[0]));
            },
            dy -> ops.mul(column(ops.scale(dy, scale)), ops.softmax(saved[0])));
  }

  /**
   * The logits of the labels, as no others move them.
   *
   * @return {@code [r]}
   */
  public Value labelLogits() {
    return ops.add(labelLogProbs, logNormalisers(1));
  }

  /**
   * Log-probabilities of the labels where the logits are multiplied first: {@code s·z − log Σ
   * exp(s·z)}.
   *
   * @param scale s, positive
   * @return {@code [r]}
   */
  public Value labelLogProbs(double scale) {
    return scale == 1
        ? labelLogProbs
        : ops.sub(ops.scale(labelLogits(), scale), logNormalisers(scale));
  }

  private Value first(Value rows) {
    return graph.node(
        "Gather",
        new Graph.Type(rows.type(), Shape.of(rows.dim(0))),
        Map.of("axis", 1L),
        rows,
        graph.longs(true, 0));
  }

  private Value column(Value vector) {
    return ops.reshape(vector, vector.dim(0), Dim.of(1));
  }
}
