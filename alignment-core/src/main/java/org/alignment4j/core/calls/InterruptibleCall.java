package org.alignment4j.core.calls;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;

/** A future whose cancellation interrupts the thread that computes it, and no later task there. */
final class InterruptibleCall<O> extends CompletableFuture<O> {
  private final FutureTask<Void> task;

  InterruptibleCall(Callable<O> callable) {
    task =
        new FutureTask<>(
            () -> {
              try {
                complete(callable.call());
              } catch (Throwable e) {
                completeExceptionally(e);
              }
              return null;
            });
  }

  Runnable task() {
    return task;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    task.cancel(mayInterruptIfRunning);
    return cancelled;
  }
}
