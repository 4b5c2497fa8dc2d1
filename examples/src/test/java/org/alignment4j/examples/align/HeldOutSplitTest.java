package org.alignment4j.examples.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is held out. */
class HeldOutSplitTest {

  private static final List<Integer> ITEMS = IntStream.range(0, 400).boxed().toList();

  @Test
  void everyItemIsInOnePart() {
    HeldOutSplit<Integer> split = HeldOutSplit.of(ITEMS, 100, 3);
    List<Integer> all = new ArrayList<>(split.heldOut());
    all.addAll(split.training());
    assertThat(split.heldOut()).hasSize(100).isSorted();
    assertThat(split.training()).isSorted();
    assertThat(all).containsExactlyInAnyOrderElementsOf(ITEMS);
  }

  /** Of a sorted file, every quarter gives about a quarter; 5 standard deviations are 21. */
  @Test
  void theWholeFileIsRepresented() {
    List<Integer> heldOut = HeldOutSplit.of(ITEMS, 100, 3).heldOut();
    for (int quarter = 0; quarter < 4; quarter++) {
      int from = 100 * quarter;
      assertThat(heldOut.stream().filter(i -> i >= from && i < from + 100).count())
          .isBetween(4L, 46L);
    }
  }

  @Test
  void theSeedDecides() {
    assertThat(HeldOutSplit.of(ITEMS, 100, 3)).isEqualTo(HeldOutSplit.of(ITEMS, 100, 3));
    List<Integer> other = new ArrayList<>(HeldOutSplit.of(ITEMS, 100, 4).heldOut());
    other.retainAll(HeldOutSplit.of(ITEMS, 100, 3).heldOut());
    assertThat(other.size()).isBetween(4, 46);
  }
}
