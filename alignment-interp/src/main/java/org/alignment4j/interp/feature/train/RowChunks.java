package org.alignment4j.interp.feature.train;

import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.alignment4j.runtime.train.ParallelLoop;

/**
 * Rows in a fixed number of parts, each worked on by one thread: sums that are kept part by part
 * are the same for any number of threads.
 */
final class RowChunks {
  /** More than most machines need, few enough that sums of each part stay small. */
  private static final int PARTS = 16;

  private final Executor executor;
  private final int threads;

  RowChunks(Executor executor, int threads) {
    this.executor = executor;
    this.threads = threads;
  }

  /** Work on rows {@code first} to {@code end} (exclusive), the part of that number. */
  @FunctionalInterface
  interface Work {
    void run(int part, int first, int end);
  }

  static int parts(int rows) {
    return Math.min(PARTS, rows);
  }

  void forEach(int rows, Work work) {
    int parts = parts(rows);
    forIndices(
        parts,
        part ->
            work.run(
                part,
                (int) ((long) rows * part / parts),
                (int) ((long) rows * (part + 1) / parts)));
  }

  void forIndices(int count, IntConsumer work) {
    new ParallelLoop(count, executor, threads).run(() -> work);
  }
}
