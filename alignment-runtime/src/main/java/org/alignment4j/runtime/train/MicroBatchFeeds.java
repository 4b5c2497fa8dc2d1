package org.alignment4j.runtime.train;

import java.util.Arrays;
import java.util.Map;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/** The tensors of a micro-batch by input name, while a run reads them. */
final class MicroBatchFeeds implements AutoCloseable {
  private final Map<String, Tensor> tensors;

  MicroBatchFeeds(DecoderEngine engine, MicroBatch batch) {
    this.tensors = OwnedTensors.all(made -> put(engine, batch, made));
  }

  private static void put(DecoderEngine engine, MicroBatch batch, OwnedTensors tensors) {
    OrtRuntime runtime = engine.runtime();
    long[] rows = batch.rows();
    int positions = batch.tokens().batch() * batch.tokens().seq();
    tensors.putAll(batch.tokens().tensors(engine));
    tensors.put(GraphNames.ROWS, Tensor.copyOf(runtime, rows, rows.length));
    long[] inverse = inverse(rows, positions);
    tensors.put(
        GraphNames.ROWS_INVERSE,
        Tensor.copyOf(runtime, inverse, inverse.length / positions, positions));
    tensors.put(GraphNames.LABELS, Tensor.copyOf(runtime, batch.labels(), rows.length));
    batch
        .inputs()
        .forEach(
            (name, input) ->
                tensors.put(name, Tensor.copyOf(runtime, input.data(), input.shape())));
  }

  /**
   * The head rows that read each position, {@code [uses, positions]}; the number of rows stands for
   * none.
   */
  static long[] inverse(long[] rows, int positions) {
    int[] uses = new int[positions];
    int most = 0;
    for (long row : rows) {
      most = Math.max(most, ++uses[(int) row]);
    }
    long[] inverse = new long[most * positions];
    Arrays.fill(inverse, rows.length);
    for (int i = rows.length - 1; i >= 0; i--) {
      int position = (int) rows[i];
      inverse[--uses[position] * positions + position] = i;
    }
    return inverse;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
