package org.alignment4j.api.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IndicesProperties {

  @Property(tries = 300)
  void negativePlacesCountFromTheEnd(
      @ForAll @IntRange(min = 1, max = 50) int length,
      @ForAll @IntRange(min = 1, max = 50) int back,
      @ForAll @IntRange(min = 0, max = 60) int index) {
    assertThat(Indices.of(-back).contains(index, length)).isEqualTo(index == length - back);
    assertThat(Indices.from(-back).contains(index, length)).isEqualTo(index >= length - back);
    assertThat(Indices.from(back).contains(index, length)).isEqualTo(index >= back);
  }

  @Example
  void placesOutsideAreNamed() {
    Indices.of(-4, 3).requireWithin(Axis.HEAD, 4);
    assertThatThrownBy(() -> Indices.of(0, 4).requireWithin(Axis.HEAD, 4))
        .hasMessage("head must be in [-4, 3] but was 4");
    assertThatThrownBy(() -> Indices.from(-5).requireWithin(Axis.KEY_VALUE_HEAD, 4))
        .hasMessage("key value head must be in [-4, 3] but was -5");
    assertThatThrownBy(Indices::of).hasMessageContaining("at least one place");
  }
}
