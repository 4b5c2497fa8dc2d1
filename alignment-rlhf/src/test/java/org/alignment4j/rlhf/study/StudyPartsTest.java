package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.core.report.Chart;
import org.junit.jupiter.api.Test;

/** What studies count and draw. */
class StudyPartsTest {

  private static AnswerTable table(double[][] gold) {
    double[][] flat = new double[gold.length][gold[0].length];
    return new AnswerTable(flat, gold, flat, flat, flat);
  }

  @Test
  void winsCountHigherAnswersAndHalfTheTies() {
    AnswerTable pool = table(new double[][] {{1, 2, 2}, {5, 4, 0}});
    assertThat(pool.wins(pool)).isDeepEqualTo(new double[][] {{0, 0.75, 0.75}, {1, 0.5, 0}});
    AnswerTable later = table(new double[][] {{2, 9}, {-1, 4}});
    double[][] wins = later.wins(pool);
    assertThat(wins[0][0]).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(wins[0][1]).isEqualTo(1);
    assertThat(wins[1][0]).isZero();
    assertThat(wins[1][1]).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void rowsAndMeans() {
    double[][] rows = AnswerTable.rows(new double[] {1, 2, 3, 4, 5, 9}, 3);
    assertThat(rows).isDeepEqualTo(new double[][] {{1, 2, 3}, {4, 5, 9}});
    assertThat(AnswerTable.means(rows)).containsExactly(new double[] {2, 6}, within(1e-12));
  }

  /**
   * Charts mark series of up to 24 points, breaks included, and join only points without a break.
   */
  @Test
  void scatteredPointsAreAllThereAndNoneJoined() {
    List<Chart.Point> points =
        IntStream.range(0, 30).mapToObj(i -> Chart.Point.of(i, 2 * i)).toList();
    List<List<Chart.Point>> parts = Scatter.of(points);
    List<Chart.Point> found = new ArrayList<>();
    for (List<Chart.Point> part : parts) {
      assertThat(part).hasSizeLessThanOrEqualTo(24);
      for (int i = 0; i < part.size(); i++) {
        if (i % 2 == 0) {
          found.add(part.get(i));
        } else {
          assertThat(part.get(i).x()).isNaN();
        }
      }
    }
    assertThat(found).isEqualTo(points);
    assertThat(Scatter.of(List.of())).isEmpty();
  }

  @Test
  void labelsThatWouldCrossAreLeftOut() {
    List<Chart.Point> points = new ArrayList<>();
    for (double[] at : new double[][] {{0, 0}, {0.1, 0.05}, {0.1, 1}, {1, 1}}) {
      points.add(
          new Chart.Point(
              at[0], at[1], Double.NaN, Double.NaN, Double.NaN, Double.NaN, at[0] + "," + at[1]));
    }
    Labels labels = new Labels(points);
    assertThat(points.stream().map(labels::thinned).map(Chart.Point::label))
        .containsExactly("0.0,0.0", "", "0.1,1.0", "1.0,1.0");
  }
}
