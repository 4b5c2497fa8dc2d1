package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;

/** Which compiled graphs stay open, and who compiles them. */
class GraphCacheTest {

  private static final OrtRuntime RUNTIME = OrtRuntime.create(DevicePolicy.CPU);

  /** Keys of one hash, so that none hides behind the bins of a map. */
  private record Key(int number) {
    @Override
    public int hashCode() {
      return 1;
    }
  }

  private final AtomicInteger compilations = new AtomicInteger();

  /** A graph that scales its input. */
  private Supplier<CompiledGraph> times(int factor) {
    return () -> {
      compilations.incrementAndGet();
      Ops ops = new Ops(new Graph(ElementType.FLOAT));
      Value x = ops.graph().parameter("x", Shape.of(2), false);
      ops.graph().output("y", ops.scale(x, factor));
      return CompiledGraph.compile(RUNTIME, "times " + factor, ops.graph().toModel());
    };
  }

  private static float run(CompiledGraph graph) {
    try (Tensor x = Tensor.copyOf(RUNTIME, new float[] {1, 2}, 2);
        RunResult result = graph.run(Map.of("x", x), Map.of(), Set.of("y"))) {
      return result.get("y").floats().get(1);
    }
  }

  private CompiledGraph use(GraphCache cache, int number) {
    try (GraphLease lease = cache.lease(new Key(number), times(number))) {
      assertThat(run(lease.graph())).isEqualTo(2f * number);
      return lease.graph();
    }
  }

  @Test
  void theGraphsUsedLastStay() {
    GraphCache cache = new GraphCache(3);
    List<CompiledGraph> graphs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      graphs.add(use(cache, i));
    }
    assertThat(use(cache, 0)).isSameAs(graphs.get(0));
    use(cache, 3);
    assertThat(cache.open()).isEqualTo(3);
    assertThat(compilations.get()).isEqualTo(4);
    assertThat(use(cache, 0)).isSameAs(graphs.get(0));
    assertThat(use(cache, 2)).isSameAs(graphs.get(2));
    assertThat(use(cache, 1)).isNotSameAs(graphs.get(1));
    assertThat(compilations.get()).isEqualTo(5);
    cache.close();
    assertThat(cache.open()).isZero();
  }

  @Test
  void lastingGraphsStayWhateverIsLeased() {
    GraphCache cache = new GraphCache(1);
    CompiledGraph lasting = cache.graph(new Key(7), times(7));
    for (int i = 0; i < 5; i++) {
      use(cache, i);
    }
    assertThat(cache.graph(new Key(7), times(7))).isSameAs(lasting);
    assertThat(run(lasting)).isEqualTo(14);
    assertThat(cache.open()).isEqualTo(2);
    cache.close();
    assertThat(cache.open()).isZero();
  }

  @Test
  void aGraphInUseIsNotFreed() {
    GraphCache cache = new GraphCache(1);
    GraphLease first = cache.lease(new Key(1), times(1));
    GraphLease again = cache.lease(new Key(1), times(1));
    GraphLease second = cache.lease(new Key(2), times(2));
    use(cache, 3);
    assertThat(again.graph()).isSameAs(first.graph());
    assertThat(cache.open()).isEqualTo(2);
    first.close();
    first.close();
    assertThat(run(again.graph())).isEqualTo(2);
    again.close();
    assertThat(cache.open()).isOne();
    assertThat(run(second.graph())).isEqualTo(4);
    cache.close();
    assertThat(run(second.graph())).isEqualTo(4);
    second.close();
    assertThat(cache.open()).isZero();
    assertThatThrownBy(() -> cache.lease(new Key(1), times(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> cache.graph(new Key(1), times(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aGraphThatDoesNotCompileIsTriedAgain() {
    GraphCache cache = new GraphCache(1);
    Supplier<CompiledGraph> broken =
        () -> {
          throw new IllegalArgumentException("no such graph");
        };
    assertThatThrownBy(() -> cache.lease(new Key(1), broken)).hasMessage("no such graph");
    assertThatThrownBy(() -> cache.graph(new Key(1), broken)).hasMessage("no such graph");
    assertThat(cache.open()).isZero();
    use(cache, 1);
    use(cache, 2);
    assertThat(run(cache.graph(new Key(1), times(1)))).isEqualTo(2);
    assertThat(cache.open()).isEqualTo(2);
    cache.close();
  }

  @Test
  void differentGraphsAreCompiledAtOnce() throws Exception {
    GraphCache cache = new GraphCache(4);
    CountDownLatch both = new CountDownLatch(2);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> uses = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int number = i;
        Supplier<CompiledGraph> meeting =
            () -> {
              both.countDown();
              await(both);
              return times(number).get();
            };
        uses.add(
            pool.submit(
                () -> {
                  if (number == 0) {
                    cache.graph(new Key(number), meeting);
                  } else {
                    cache.lease(new Key(number), meeting).close();
                  }
                }));
      }
      for (Future<?> use : uses) {
        use.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    cache.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oneOfSeveralThreadsCompiles() throws Exception {
    int threads = 4;
    GraphCache cache = new GraphCache(2);
    CountDownLatch start = new CountDownLatch(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Set<CompiledGraph> graphs = ConcurrentHashMap.newKeySet();
    try {
      List<Future<?>> uses = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        uses.add(
            pool.submit(
                () -> {
                  start.countDown();
                  await(start);
                  graphs.add(use(cache, 5));
                  graphs.add(cache.graph(new Key(6), times(6)));
                }));
      }
      for (Future<?> use : uses) {
        use.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(graphs).hasSize(2);
    assertThat(compilations.get()).isEqualTo(2);
    cache.close();
  }

  @Test
  void threadsThatUseMoreGraphsThanStayGetTheirOwnResults() throws Exception {
    int threads = 4;
    int bound = 2;
    GraphCache cache = new GraphCache(bound);
    AtomicInteger most = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> uses = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int offset = i;
        uses.add(
            pool.submit(
                () -> {
                  for (int n = 0; n < 60; n++) {
                    use(cache, (offset + n * (offset + 1)) % 7);
                    most.accumulateAndGet(cache.open(), Math::max);
                  }
                }));
      }
      for (Future<?> use : uses) {
        use.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    // Besides those that stay: one in use by each thread, and one that each is about to free.
    assertThat(most.get()).isLessThanOrEqualTo(bound + 2 * threads);
    assertThat(cache.open()).isLessThanOrEqualTo(bound);
    cache.close();
    assertThat(cache.open()).isZero();
  }
}
