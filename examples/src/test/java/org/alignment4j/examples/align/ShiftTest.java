package org.alignment4j.examples.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

/** Words for a change. */
class ShiftTest {

  private static Estimate growth(int up, int down, int same) {
    return Estimates.mean(
        DoubleStream.concat(
                DoubleStream.generate(() -> 1).limit(up),
                DoubleStream.concat(
                    DoubleStream.generate(() -> -1).limit(down),
                    DoubleStream.generate(() -> 0).limit(same)))
            .toArray());
  }

  @Test
  void riseAndFallAreSaidOnlyWhereTheItemsTellThemApart() {
    Estimate some = Estimates.proportion(50, 100);
    Estimate more = Estimates.proportion(55, 100);
    assertThat(Shift.clause("x", some, more, growth(5, 0, 95)))
        .isEqualTo("x rose from 50\u00a0% to 55\u00a0%");
    assertThat(Shift.clause("x", more, some, growth(0, 5, 95)))
        .isEqualTo("x fell from 55\u00a0% to 50\u00a0%");
    assertThat(Shift.clause("x", some, more, growth(25, 20, 55)))
        .isEqualTo("x went from 50\u00a0% to 55\u00a0%, which the items do not tell apart");
  }

  @Test
  void aGrowthThatIsTheSameForAllItemsNeedsNoInterval() {
    Estimate none = Estimates.proportion(0, 100);
    Estimate all = Estimates.proportion(100, 100);
    assertThat(Shift.clause("x", none, all, growth(100, 0, 0)))
        .isEqualTo("x rose from 0\u00a0% to 100\u00a0%");
    assertThat(Shift.clause("x", all, all, growth(0, 0, 100)))
        .isEqualTo("x went from 100\u00a0% to 100\u00a0%, which the items do not tell apart");
  }

  @Test
  void almostAllIsNotAll() {
    assertThat(Shift.percent(Estimates.proportion(999, 1000))).isEqualTo("99.9\u00a0%");
    assertThat(Shift.percent(Estimates.proportion(1000, 1000))).isEqualTo("100\u00a0%");
    assertThat(Shift.percent(Estimates.proportion(1, 1000))).isEqualTo("0.1\u00a0%");
    assertThat(Shift.percent(Estimates.proportion(0, 1000))).isEqualTo("0\u00a0%");
  }
}
