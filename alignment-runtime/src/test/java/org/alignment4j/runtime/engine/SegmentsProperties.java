package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Trees of sequences in one row: who sees whom, and at which position. */
class SegmentsProperties {

  private record Node(int parent, int start, int[] tokens) {}

  private static boolean isAncestor(List<Node> nodes, int ancestor, int node) {
    for (int n = node; n >= 0; n = nodes.get(n).parent()) {
      if (n == ancestor) {
        return true;
      }
    }
    return false;
  }

  private static int depth(List<Node> nodes, int node) {
    int positions = 0;
    for (int n = nodes.get(node).parent(); n >= 0; n = nodes.get(n).parent()) {
      positions += nodes.get(n).tokens().length;
    }
    return positions;
  }

  @Property(tries = 200)
  void aTokenSeesItsAncestorsAndWhatIsBeforeItInItsSequence(@ForAll long seed) {
    Random random = new Random(seed);
    Segments segments = new Segments();
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(6); i++) {
      int parent = random.nextInt(nodes.size() + 1) - 1;
      int[] tokens = random.ints(1 + random.nextInt(4), 0, 100).toArray();
      nodes.add(new Node(parent, segments.length(), tokens));
      if (parent < 0) {
        segments.add(tokens);
      } else {
        segments.addContinuation(tokens, parent);
      }
    }
    int seq = segments.length() + random.nextInt(3);
    TokenBatch batch = TokenBatch.of(List.of(segments), seq);
    float[] expected = new float[seq * seq];
    java.util.Arrays.fill(expected, TokenBatch.MASKED);
    for (int t = segments.length(); t < seq; t++) {
      expected[t * seq + t] = 0;
    }
    for (int q = 0; q < nodes.size(); q++) {
      Node query = nodes.get(q);
      for (int i = 0; i < query.tokens().length; i++) {
        int row = query.start() + i;
        assertThat(batch.tokens()[row]).isEqualTo(query.tokens()[i]);
        assertThat(batch.positions()[row]).isEqualTo(depth(nodes, q) + i);
        for (int k = 0; k < nodes.size(); k++) {
          Node key = nodes.get(k);
          for (int j = 0; j < key.tokens().length; j++) {
            if (isAncestor(nodes, k, q) && (k != q || j <= i)) {
              expected[row * seq + key.start() + j] = 0;
            }
          }
        }
      }
    }
    assertThat(batch.mask()).isEqualTo(expected);
  }

  @Example
  void aGrandchildSeesTheFirstSequenceAndNotItsUncle() {
    Segments row =
        new Segments()
            .add(new int[] {1, 2})
            .addContinuation(new int[] {3}, 0)
            .addContinuation(new int[] {4}, 0)
            .addContinuation(new int[] {5}, 1);
    TokenBatch batch = TokenBatch.of(List.of(row), 5);
    float no = TokenBatch.MASKED;
    assertThat(java.util.Arrays.copyOfRange(batch.mask(), 20, 25)).containsExactly(0, 0, 0, no, 0);
    assertThat(batch.positions()).containsExactly(0, 1, 2, 2, 3);
    assertThatThrownBy(() -> row.addContinuation(new int[] {6}, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one of 4 earlier sequences but was 4");
  }
}
