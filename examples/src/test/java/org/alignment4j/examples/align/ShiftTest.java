package org.alignment4j.examples.align;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

/** Words for a change. */
class ShiftTest {

  @Test
  void riseAndFallAreSaidOnlyWhereTheIntervalsAreApart() {
    assertThat(Shift.clause("x", Estimates.proportion(10, 100), Estimates.proportion(80, 100)))
        .isEqualTo("x rose from 10\u00a0% to 80\u00a0%");
    assertThat(Shift.clause("x", Estimates.proportion(80, 100), Estimates.proportion(10, 100)))
        .isEqualTo("x fell from 80\u00a0% to 10\u00a0%");
    assertThat(Shift.clause("x", Estimates.proportion(50, 100), Estimates.proportion(55, 100)))
        .isEqualTo("x went from 50\u00a0% to 55\u00a0%, which the intervals do not tell apart");
  }

  @Test
  void almostAllIsNotAll() {
    assertThat(Shift.percent(Estimates.proportion(999, 1000))).isEqualTo("99.9\u00a0%");
    assertThat(Shift.percent(Estimates.proportion(1000, 1000))).isEqualTo("100\u00a0%");
    assertThat(Shift.percent(Estimates.proportion(1, 1000))).isEqualTo("0.1\u00a0%");
    assertThat(Shift.percent(Estimates.proportion(0, 1000))).isEqualTo("0\u00a0%");
  }
}
