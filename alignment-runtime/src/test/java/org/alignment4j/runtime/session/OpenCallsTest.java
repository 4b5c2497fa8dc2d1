package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which calls closing waits for, and which it refuses. */
class OpenCallsTest {

  private final OpenCalls calls = new OpenCalls();
  private final AtomicInteger freed = new AtomicInteger();
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  private void close() {
    calls.close(freed::incrementAndGet);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a thread of the pool waits to close. */
  private void awaitClosing() throws InterruptedException {
    for (int i = 0; i < 3000; i++) {
      try {
        pool.submit(() -> calls.call(() -> 0)).get();
      } catch (ExecutionException e) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("closing has not begun");
  }

  @Test
  void closingRefusesFurtherCallsAtOnceAndWaitsForOpenOnes() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Future<Integer> open =
        pool.submit(
            () ->
                calls.call(
                    () -> {
                      inside.countDown();
                      await(go);
                      return calls.call(freed::get);
                    }));
    await(inside);
    Future<?> closing = pool.submit(this::close);
    awaitClosing();
    assertThatThrownBy(() -> calls.call(() -> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be open but is closed");
    Future<?> again = pool.submit(this::close);
    assertThatThrownBy(() -> again.get(50, TimeUnit.MILLISECONDS))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    assertThat(closing.isDone()).isFalse();
    go.countDown();
    assertThat(open.get(30, TimeUnit.SECONDS)).isZero();
    closing.get(30, TimeUnit.SECONDS);
    again.get(30, TimeUnit.SECONDS);
    close();
    assertThat(freed.get()).isOne();
  }

  @Test
  void aCallThatIsWaitedForMayWaitForAnotherThreadThatCalls() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    Future<Boolean> open =
        pool.submit(
            () ->
                calls.call(
                    () -> {
                      inside.countDown();
                      try {
                        awaitClosing();
                        pool.submit(() -> calls.call(() -> 2)).get();
                        return false;
                      } catch (ExecutionException e) {
                        return e.getCause() instanceof IllegalStateException;
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
    await(inside);
    pool.submit(this::close).get(30, TimeUnit.SECONDS);
    assertThat(open.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(freed.get()).isOne();
  }

  @Test
  void aCallMustNotCloseAndMayFail() {
    assertThatThrownBy(
            () ->
                calls.call(
                    () -> {
                      close();
                      return 0;
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from within its own call");
    assertThat(calls.call(() -> 3)).isEqualTo(3);
    close();
    assertThat(freed.get()).isOne();
  }

  @Test
  void failingToFreeCloses() {
    assertThatThrownBy(
            () ->
                calls.close(
                    () -> {
                      throw new IllegalArgumentException("broken");
                    }))
        .hasMessage("broken");
    close();
    assertThat(freed.get()).isZero();
    assertThatThrownBy(() -> calls.call(() -> 1)).isInstanceOf(IllegalStateException.class);
  }
}
