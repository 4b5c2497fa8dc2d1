package org.alignment4j.runtime.hook;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * The places of a batch whose logits a metric reads, each once.
 *
 * @param rows the places, in the order of the graph's rows
 * @param constants what is added to each sequence's number
 */
public record MetricRows(List<Row> rows, double[] constants, int vocabulary) {

  /** The weighted tokens of one place. */
  public record Row(int sequence, int position, List<LogitMetric.Term> terms) {}

  /**
   * The places that a metric reads.
   *
   * @throws IllegalArgumentException when the metric has another number of rows than there are
   *     sequences, or names a position or a token that is not there
   */
  public static MetricRows of(LogitMetric metric, List<TokenIds> sequences, int vocabulary) {
    List<LogitMetric.Row> given = metric.rows();
    if (given.size() != 1 && given.size() != sequences.size()) {
      throw new IllegalArgumentException(
          "a metric must have one row for all sequences or one for each of the "
              + sequences.size()
              + " but had "
              + given.size());
    }
    List<Row> rows = new ArrayList<>();
    double[] constants = new double[sequences.size()];
    for (int i = 0; i < sequences.size(); i++) {
      LogitMetric.Row row = given.get(given.size() == 1 ? 0 : i);
      constants[i] = row.constant();
      Map<Integer, List<LogitMetric.Term>> byPosition = new LinkedHashMap<>();
      for (LogitMetric.Term term : row.terms()) {
        requireTokens(term, vocabulary);
        byPosition
            .computeIfAbsent(position(term, i, sequences.get(i).size()), p -> new ArrayList<>())
            .add(term);
      }
      int sequence = i;
      byPosition.forEach((position, terms) -> rows.add(new Row(sequence, position, terms)));
    }
    return new MetricRows(List.copyOf(rows), constants, vocabulary);
  }

  private static int position(LogitMetric.Term term, int sequence, int length) {
    if (term.position() < -length || term.position() >= length) {
      throw new IllegalArgumentException(
          "a metric must read positions in ["
              + -length
              + ", "
              + (length - 1)
              + "] of sequence "
              + sequence
              + " but reads "
              + term.position());
    }
    return term.position() < 0 ? term.position() + length : term.position();
  }

  private static void requireTokens(LogitMetric.Term term, int vocabulary) {
    int largest = term.tokens().stream().max().orElseThrow();
    if (largest >= vocabulary) {
      throw new IllegalArgumentException(
          "a metric's tokens must be less than the vocabulary's "
              + vocabulary
              + " but one was "
              + largest);
    }
  }

  /**
   * The inputs of the graph; the caller closes them.
   *
   * @param columns the batch's number of columns
   */
  public Map<String, Tensor> tensors(OrtRuntime runtime, int columns) {
    NativeMemory.requireFloats(
        (long) rows.size() * vocabulary,
        "a metric's weights of shape [" + rows.size() + ", " + vocabulary + "]",
        "use fewer sequences, or a metric of fewer positions");
    float[] weights = new float[rows.size() * vocabulary];
    long[] places = new long[rows.size()];
    long[] inverse = new long[constants.length * columns];
    Arrays.fill(inverse, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      int place = row.sequence() * columns + row.position();
      places[i] = place;
      inverse[place] = i;
      for (LogitMetric.Term term : row.terms()) {
        for (int t = 0; t < term.tokens().length(); t++) {
          weights[i * vocabulary + term.tokens().get(t)] += (float) term.weights().get(t);
        }
      }
    }
    return OwnedTensors.all(
        made -> {
          made.put(GraphNames.ROWS, Tensor.copyOf(runtime, places, places.length));
          made.put(GraphNames.ROWS_INVERSE, Tensor.copyOf(runtime, inverse, 1, inverse.length));
          made.put(MetricGraph.WEIGHTS, Tensor.copyOf(runtime, weights, rows.size(), vocabulary));
        });
  }

  /** Each sequence's number, from what the rows contribute. */
  public double[] sums(FloatBuffer values) {
    double[] sums = constants.clone();
    for (int i = 0; i < rows.size(); i++) {
      sums[rows.get(i).sequence()] += values.get(i);
    }
    return sums;
  }
}
