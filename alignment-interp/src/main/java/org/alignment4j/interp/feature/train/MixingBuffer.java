package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.train.StateTensor;

/**
 * Rows of a source in an order that mixes chunks: it fills up, shuffles, serves half of its rows in
 * batches, and fills up again, so that half of what is served has waited. Its state can be saved at
 * any moment. Mutable; one thread at a time.
 */
final class MixingBuffer {
  /** Chunks without any row before a source is taken to have none. */
  private static final int MOST_EMPTY_CHUNKS = 1000;

  private final ActivationSource source;
  private final int size;
  private final int capacity;
  private final int batchRows;
  private final long seed;
  private final float[] rows;
  private int count;
  private int next;
  private int served;
  private long chunk;
  private long shuffles;

  MixingBuffer(ActivationSource source, int capacity, int batchRows, long seed) {
    if (capacity < batchRows) {
      throw new IllegalArgumentException(
          "bufferRows must be at least batchRows " + batchRows + " but was " + capacity);
    }
    this.source = source;
    this.size = source.inputSize() + source.targetSize();
    this.capacity = capacity;
    this.batchRows = batchRows;
    this.seed = seed;
    long floats = ((long) capacity + source.maxRows()) * size;
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "bufferRows and a chunk must have fewer than 2^31 numbers together but have "
              + floats
              + "; lower bufferRows");
    }
    this.rows = new float[(int) floats];
  }

  /**
   * Fills up and shuffles where what is to be served is used up. A cancelled fill goes on later.
   */
  void prepare(CancellationToken cancellation) {
    if (next < served) {
      return;
    }
    compact();
    int empty = 0;
    while (count < capacity) {
      float[] more = source.chunk(chunk, cancellation);
      System.arraycopy(more, 0, rows, count * size, more.length);
      count += more.length / size;
      chunk++;
      empty = more.length == 0 ? empty + 1 : 0;
      if (empty > MOST_EMPTY_CHUNKS) {
        throw new IllegalArgumentException(
            "a source of activations must give rows but gave none in " + empty + " chunks");
      }
    }
    shuffle();
    served = Math.max(1, count / (2 * batchRows)) * batchRows;
  }

  /** Copies the next batch of rows and leaves it; {@link #prepare} was called. */
  float[] take() {
    float[] batch = new float[batchRows * size];
    System.arraycopy(rows, next * size, batch, 0, batch.length);
    next += batchRows;
    return batch;
  }

  private void compact() {
    System.arraycopy(rows, served * size, rows, 0, (count - served) * size);
    count -= served;
    next = 0;
    served = 0;
  }

  private void shuffle() {
    SplittableRandom random = Seeds.random(seed, shuffles);
    shuffles++;
    float[] held = new float[size];
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      if (i != j) {
        System.arraycopy(rows, i * size, held, 0, size);
        System.arraycopy(rows, j * size, rows, i * size, size);
        System.arraycopy(held, 0, rows, j * size, size);
      }
    }
  }

  List<StateTensor> tensors() {
    return List.of(new StateTensor("buffer", List.of(FloatBuffer.wrap(rows))));
  }

  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("buffer.count", Integer.toString(count));
    values.put("buffer.next", Integer.toString(next));
    values.put("buffer.served", Integer.toString(served));
    values.put("buffer.chunk", Long.toString(chunk));
    values.put("buffer.shuffles", Long.toString(shuffles));
    return values;
  }

  /** Goes on after {@link #tensors} were filled. */
  void resume(Map<String, String> values) {
    count = (int) number(values, "buffer.count");
    next = (int) number(values, "buffer.next");
    served = (int) number(values, "buffer.served");
    chunk = number(values, "buffer.chunk");
    shuffles = number(values, "buffer.shuffles");
  }

  private static long number(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new RunFolderException(
          "a checkpoint must hold "
              + name
              + " but holds "
              + values.keySet()
              + "; resume with the release that wrote it");
    }
    return Long.parseLong(value);
  }
}
