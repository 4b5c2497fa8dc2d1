package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PackingProperties {

  @Property(tries = 200)
  void everyItemOnceAndNoRowOverfull(
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 20) Integer> lengths,
      @ForAll @IntRange(min = 20, max = 50) int rowLength) {
    int[] items = lengths.stream().mapToInt(x -> x).toArray();
    List<List<Integer>> rows = Packing.bestFitDecreasing(items, rowLength);
    assertThat(rows.stream().flatMap(List::stream).toList())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, items.length).boxed().toList());
    int halfEmpty = 0;
    for (List<Integer> row : rows) {
      int used = row.stream().mapToInt(i -> items[i]).sum();
      assertThat(used).isBetween(1, rowLength);
      halfEmpty += 2 * used <= rowLength ? 1 : 0;
    }
    // Two rows at most half full would fit into one, so best fit never leaves both.
    assertThat(halfEmpty).isLessThanOrEqualTo(1);
  }

  @Example
  void goesIntoTheFullestRowWithRoom() {
    assertThat(Packing.bestFitDecreasing(new int[] {3, 6, 2, 7, 1}, 10))
        .containsExactly(List.of(0, 3), List.of(1, 2, 4));
    assertThatThrownBy(() -> Packing.bestFitDecreasing(new int[] {3, 11}, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("item 1")
        .hasMessageContaining("11");
  }

  @Property(tries = 100)
  void everyExampleOncePerEpoch(
      @ForAll @IntRange(min = 1, max = 30) int examples,
      @ForAll @IntRange(min = 1, max = 40) int batchSize,
      @ForAll long seed) {
    Epochs epochs = new Epochs(examples, batchSize, 2, seed);
    for (int epoch = 0; epoch < 2; epoch++) {
      long perEpoch = epochs.steps() / 2;
      List<Integer> seen = seen(epochs, epoch * perEpoch, perEpoch);
      assertThat(seen)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, examples).boxed().toList());
    }
    assertThat(new Epochs(examples, batchSize, 2, seed).batch(1)).isEqualTo(epochs.batch(1));
  }

  private static List<Integer> seen(Epochs epochs, long before, long steps) {
    return IntStream.rangeClosed(1, (int) steps)
        .boxed()
        .flatMap(s -> epochs.batch(before + s).stream())
        .toList();
  }

  @Example
  void ordersDependOnSeedAndEpoch() {
    Epochs first = new Epochs(100, 100, 2, 1);
    assertThat(first.batch(1)).isNotEqualTo(first.batch(2));
    assertThat(first.batch(1)).isNotEqualTo(new Epochs(100, 100, 2, 2).batch(1));
  }
}
