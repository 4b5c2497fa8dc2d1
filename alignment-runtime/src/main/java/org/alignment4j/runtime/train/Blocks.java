package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs a loop over the blocks of flat buffers on several threads. A block is at most 64 Ki floats
 * of one buffer. Each block is worked on by one thread alone, so results that depend on one block
 * only are the same for any number of threads.
 */
final class Blocks {
  /** Floats in a block: small enough for the second-level cache, large enough to hide its start. */
  static final int SIZE = 1 << 16;

  /** Work on one block. */
  @FunctionalInterface
  interface Work {
    /**
     * Works on floats {@code start} to {@code start + length} of a buffer.
     *
     * @param block running number of the block over all buffers
     */
    void run(int block, int buffer, int start, int length);
  }

  private final FlatLayout layout;
  private final int[] firstBlock;

  Blocks(FlatLayout layout) {
    this.layout = layout;
    this.firstBlock = new int[layout.buffers() + 1];
    for (int i = 0; i < layout.buffers(); i++) {
      firstBlock[i + 1] = firstBlock[i] + (layout.bufferSize(i) + SIZE - 1) / SIZE;
    }
  }

  int count() {
    return firstBlock[layout.buffers()];
  }

  /** Running number of a buffer's first block; one past the last buffer, the number of blocks. */
  int first(int buffer) {
    return firstBlock[buffer];
  }

  int length(int block) {
    int buffer = buffer(block);
    return Math.min(SIZE, layout.bufferSize(buffer) - start(block, buffer));
  }

  private int buffer(int block) {
    int buffer = 0;
    while (firstBlock[buffer + 1] <= block) {
      buffer++;
    }
    return buffer;
  }

  private int start(int block, int buffer) {
    return (block - firstBlock[buffer]) * SIZE;
  }

  /**
   * Works on all blocks and returns when all are done. The calling thread takes part, so an
   * executor that is busy or shut down slows the loop but never stops it.
   *
   * @param worker makes the work of one thread, with scratch memory of its own
   */
  void forEach(Executor executor, int threads, Supplier<Work> worker) {
    new ParallelLoop(count(), executor, threads)
        .run(
            () -> {
              Work work = worker.get();
              return block -> {
                int buffer = buffer(block);
                work.run(block, buffer, start(block, buffer), length(block));
              };
            });
  }
}
