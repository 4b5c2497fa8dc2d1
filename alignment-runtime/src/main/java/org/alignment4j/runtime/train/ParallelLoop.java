package org.alignment4j.runtime.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A loop on several threads. Each index is worked on by one thread alone, so results that depend on
 * one index only are the same for any number of threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ParallelLoop {
  private final int count;
  private final Executor executor;
  private final int threads;

  /**
   * Sets up a loop over {@code 0} to {@code count - 1}.
   *
   * @param count how many indices there are
   * @param executor runs the threads besides the calling one
   * @param threads how many take part at most, the calling one included
   */
  public ParallelLoop(int count, Executor executor, int threads) {
    this.count = count;
    this.executor = executor;
    this.threads = threads;
  }

  /**
   * Works on all indices, begun in order, and returns when all are done. The calling thread takes
   * part, so an executor that is busy or shut down slows the loop but never stops it.
   *
   * @param worker makes the work of one thread, with scratch memory of its own; called at most once
   *     a thread
   */
  public void run(Supplier<? extends IntConsumer> worker) {
    Run run = new Run(worker);
    for (int i = 1; i < Math.min(threads, count); i++) {
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
    private final Supplier<? extends IntConsumer> worker;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(count);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Run(Supplier<? extends IntConsumer> worker) {
      this.worker = worker;
    }

    @Override
    public void run() {
      IntConsumer work = null;
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            work = work == null ? worker.get() : work;
            work.accept(i);
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
