package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TagPlacementTest {
  private final TagPlacement placement = new TagPlacement(0, 0, 500, 300);

  @Test
  void aFreePointHasItsTagAboveToTheRight() {
    assertThat(placement.place(100, 100, 3)).isEqualTo(new TagPlacement.Place(110, 90, false));
  }

  @Test
  void aTagStaysInTheFrame() {
    assertThat(placement.place(490, 100, 3).left()).isTrue();
    assertThat(placement.place(100, 5, 3).y()).isGreaterThan(13);
    TagPlacement.Place corner = placement.place(495, 295, 3);
    assertThat(corner.left()).isTrue();
    assertThat(corner.y()).isLessThan(295);
  }

  @Test
  void aTagAvoidsWhiskersAndLinesAndOtherTags() {
    placement.cover(110, 85, 130, 85);
    assertThat(placement.place(100, 100, 3)).isEqualTo(new TagPlacement.Place(90, 90, true));
    assertThat(placement.place(100, 100, 3)).isEqualTo(new TagPlacement.Place(110, 123, false));
    placement.line(300, 200, 400, 150);
    assertThat(placement.place(300, 200, 4)).isEqualTo(new TagPlacement.Place(290, 190, true));
  }

  @Test
  void whereNothingIsFreeTheLeastCoveredPlaceIsTaken() {
    placement.cover(0, 0, 500, 300);
    placement.cover(145, 0, 500, 300);
    assertThat(placement.place(150, 100, 4).left()).isTrue();
  }
}
