package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Outputs of 16 bytes each, two a run, of which 64 bytes may be held. */
class HeldResultsTest {

  private static final Set<String> BOTH = Set.of("twice", "thrice");

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
  private final CompiledGraph graph = CompiledGraph.compile(runtime, "multiples", multiples());
  private final HeldResults results = new HeldResults(64);

  private static GraphModel multiples() {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    var x = graph.input("x", ElementType.FLOAT, Shape.of(4));
    graph.output("twice", ops.scale(x, 2));
    graph.output("thrice", ops.scale(x, 3));
    return graph.toModel();
  }

  private HeldResult run(float number) {
    return run(number, graph, results);
  }

  private HeldResult run(float number, CompiledGraph graph, HeldResults results) {
    try (Tensor x = Tensor.copyOf(runtime, new float[] {number, 0, 0, 0}, 4)) {
      return results.hold(graph.run(Map.of("x", x), Map.of(), BOTH), BOTH);
    }
  }

  @AfterEach
  void free() {
    results.close();
    graph.close();
  }

  @Test
  void whatIsHeldStaysBoundedAndReadable() {
    List<HeldResult> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(run(i));
      assertThat(results.bytes()).isEqualTo(Math.min(2, i + 1) * 32L);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(all.get(i).array("twice")).startsWith(2 * i);
      assertThat(all.get(i).array("thrice")).startsWith(3 * i);
    }
  }

  @Test
  void theirNumberIsBoundedTooAndTheOldestStayReadable() {
    try (HeldResults many = new HeldResults(Long.MAX_VALUE)) {
      HeldResult first = run(7, graph, many);
      for (int i = 0; i < 2 * HeldResults.MOST; i++) {
        run(i, graph, many);
        assertThat(many.count()).isEqualTo(Math.min(HeldResults.MOST, i + 2));
      }
      assertThat(many.bytes()).isEqualTo(32L * HeldResults.MOST);
      assertThat(first.array("thrice")).startsWith(21);
    }
  }

  @Test
  void closingGivesMemoryBackAndKeepsWhatWasRead() {
    HeldResult held = run(1);
    float[] read = held.array("twice");
    held.close();
    held.close();
    assertThat(results.bytes()).isZero();
    assertThat(held.array("twice")).isSameAs(read).startsWith(2);
    assertThatThrownBy(() -> held.array("thrice"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be read before its result is closed but thrice was not");
  }

  @Test
  void thoseStillOpenOutliveTheirModel() {
    HeldResult closed = run(1);
    HeldResult open = run(2);
    closed.close();
    results.close();
    assertThat(results.bytes()).isZero();
    assertThat(open.array("thrice")).startsWith(6);
    assertThatThrownBy(() -> closed.array("twice")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void thoseStillOpenOutliveTheirGraph() {
    HeldResult held;
    try (CompiledGraph other = CompiledGraph.compile(runtime, "multiples", multiples())) {
      held = run(2, other, results);
    }
    run(3);
    assertThat(held.array("twice")).startsWith(4);
    assertThat(results.bytes()).isEqualTo(64);
  }

  @Test
  void oneLargerThanTheLimitIsCopiedAtOnce() {
    try (HeldResults none = new HeldResults(0)) {
      HeldResult held = run(5, graph, none);
      assertThat(none.bytes()).isZero();
      assertThat(held.array("twice")).startsWith(10);
    }
  }

  @Test
  void anOutputThatWasNotFetchedIsRefused() {
    assertThatThrownBy(() -> run(1).array("fourfold"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("output fourfold was not fetched");
  }

  @Test
  void threadsThatReadCloseAndHoldAtOnceSeeWholeResults() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        tasks.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    HeldResult held = run(i);
                    assertThat(held.array("twice")).startsWith(2 * i);
                    if (i % 3 == 0) {
                      held.close();
                    }
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(results.bytes()).isBetween(0L, 64L);
  }
}
