package org.alignment4j.interp.circuit;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * The composition scores of every two heads of different layers. Immutable and thread-safe.
 *
 * @param kind where the later head reads
 * @param pairs every pair: later layers last, then later heads, then earlier layers and heads
 * @param approximations what the scores leave out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CompositionTable(
    CompositionKind kind, List<Pair> pairs, Set<Approximation> approximations) {

  /** Copies. */
  public CompositionTable {
    pairs = List.copyOf(pairs);
    approximations = ImmutableSet.copyOf(approximations);
  }

  /**
   * Two heads.
   *
   * @param writerLayer layer of the earlier head
   * @param writer the earlier head
   * @param readerLayer layer of the later head
   * @param reader the later head
   * @param score their score, from 0 to 1; less the baseline where one was subtracted
   */
  public record Pair(int writerLayer, int writer, int readerLayer, int reader, double score) {}

  /**
   * The scores of a model's heads.
   *
   * @param circuits the heads
   * @param kind where the later head reads
   * @param cancellation asks to stop before the next head
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws IllegalArgumentException if a weight is not finite
   */
  public static CompositionTable of(
      AttentionCircuits circuits, CompositionKind kind, CancellationToken cancellation) {
    List<List<FactoredMatrix>> writers = new ArrayList<>();
    List<Pair> pairs = new ArrayList<>();
    for (int layer = 0; layer < circuits.layers(); layer++) {
      List<FactoredMatrix> own = new ArrayList<>();
      for (int head = 0; head < circuits.heads(); head++) {
        cancellation.throwIfCancelled("the scoring of compositions");
        own.add(circuits.ov(layer, head));
        FactoredMatrix reader = reader(circuits, kind, layer, head);
        for (int before = 0; before < layer; before++) {
          for (int writer = 0; writer < circuits.heads(); writer++) {
            double score = CompositionScore.of(writers.get(before).get(writer), reader);
            pairs.add(new Pair(before, writer, layer, head, score));
          }
        }
      }
      writers.add(own);
    }
    return new CompositionTable(
        kind,
        pairs,
        kind == CompositionKind.VALUE
            ? circuits.outputApproximations()
            : circuits.scoreApproximations());
  }

  private static FactoredMatrix reader(
      AttentionCircuits circuits, CompositionKind kind, int layer, int head) {
    return switch (kind) {
      case QUERY -> circuits.qk(layer, head);
      case KEY -> circuits.qk(layer, head).transposed();
      case VALUE -> circuits.ov(layer, head);
    };
  }

  /**
   * The score of two heads.
   *
   * @throws IllegalArgumentException if there are no such heads, the earlier in an earlier layer
   */
  public double score(int writerLayer, int writer, int readerLayer, int reader) {
    return pairs.stream()
        .filter(p -> p.writerLayer == writerLayer && p.writer == writer)
        .filter(p -> p.readerLayer == readerLayer && p.reader == reader)
        .mapToDouble(Pair::score)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "heads must be the model's, the first in an earlier layer, but were head "
                        + writer
                        + " of layer "
                        + writerLayer
                        + " and head "
                        + reader
                        + " of layer "
                        + readerLayer));
  }

  /** The pairs from the greatest score on; equal ones in the order of {@link #pairs}. */
  public List<Pair> ranked() {
    return pairs.stream().sorted(Comparator.comparingDouble((Pair p) -> -p.score)).toList();
  }

  /**
   * These scores less what random matrices score.
   *
   * @param baseline see {@link CompositionScore#ofRandomMatrices}
   */
  public CompositionTable above(Estimate baseline) {
    return new CompositionTable(
        kind,
        pairs.stream()
            .map(
                p ->
                    new Pair(
                        p.writerLayer,
                        p.writer,
                        p.readerLayer,
                        p.reader,
                        p.score - baseline.value()))
            .toList(),
        approximations);
  }
}
