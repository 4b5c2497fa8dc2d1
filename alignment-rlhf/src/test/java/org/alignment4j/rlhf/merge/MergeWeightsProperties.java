package org.alignment4j.rlhf.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MergeWeightsProperties {

  @Property(tries = 50)
  void gridsCoverTheSimplexOnce(
      @ForAll @IntRange(min = 1, max = 4) int members,
      @ForAll @IntRange(min = 1, max = 7) int divisions) {
    List<double[]> grid = MergeWeights.grid(members, divisions);
    long count = 1;
    for (int i = 1; i < members; i++) {
      count = count * (divisions + i) / i;
    }
    assertThat(grid).hasSize((int) count);
    assertThat(grid.stream().map(Arrays::toString).distinct()).hasSize((int) count);
    grid.forEach(
        point -> {
          assertThat(point).hasSize(members);
          assertThat(Arrays.stream(point).sum()).isCloseTo(1, within(1e-12));
          assertThat(Arrays.stream(point).min().getAsDouble()).isGreaterThanOrEqualTo(0);
        });
    assertThat(grid.get(0)[0]).isEqualTo(1);
  }

  @Example
  void refusals() {
    assertThatThrownBy(() -> MergeWeights.grid(0, 2))
        .hasMessage("members and divisions must be at least 1 but were 0 and 2");
    assertThatThrownBy(() -> MergeWeights.grid(9, 100))
        .hasMessageContaining("at most 100000 points");
  }
}
