package org.alignment4j.runtime.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    Run run = new Run(worker);
    for (int i = 1; i < Math.min(threads, count()); i++) {
      try {
        executor.execute(run);
      } catch (RejectedExecutionException e) {
        break;
      }
    }
    run.run();
    run.await();
  }

  private final class Run implements Runnable {
    private final Supplier<Work> worker;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(count());
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Run(Supplier<Work> worker) {
      this.worker = worker;
    }

    @Override
    public void run() {
      Work work = null;
      for (int block = next.getAndIncrement(); block < count(); block = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            work = work == null ? worker.get() : work;
            int buffer = buffer(block);
            work.run(block, buffer, start(block, buffer), length(block));
          }
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          open.countDown();
        }
      }
    }

    /** Waits even when interrupted: a half-updated block would be lost work. */
    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          open.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Throwable thrown = failure.get();
      if (thrown instanceof RuntimeException e) {
        throw e;
      } else if (thrown instanceof Error e) {
        throw e;
      }
    }
  }
}
