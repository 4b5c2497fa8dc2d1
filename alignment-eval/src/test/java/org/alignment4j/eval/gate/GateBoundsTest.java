package org.alignment4j.eval.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.ScriptedModel;
import org.alignment4j.eval.TinyBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateBoundsTest {
  private static final Metric SHARE = Metric.of("share", "fraction", Direction.HIGHER);
  private static final Metric RATE = Metric.of("rate", "fraction", Direction.LOWER);
  private static final Metric PERCENT = Metric.of("percent", "%", Direction.HIGHER);
  private static final Metric BALANCE = Metric.of("balance", "%", Direction.ideal(50));
  private static final Metric GAP = Metric.of("gap", "fraction", Direction.ideal(0));
  private static final Metric NATS = Metric.of("loss", "nats", Direction.LOWER);

  private static long advised(Condition.OfFigure condition, Metric metric, Estimate e) {
    String reason = FigureRule.decide(condition, metric, e, false).reason();
    Matcher number = Pattern.compile("about (\\d+) samples").matcher(reason);
    assertThat(number.find()).as(reason).isTrue();
    return Long.parseLong(number.group(1));
  }

  /** The smallest number of samples at which Wilson's interval of the share clears the bound. */
  private static long needed(double p, double bound, boolean above) {
    for (long n = 1; ; n++) {
      double z2 = 1.959963984540054 * 1.959963984540054;
      double centre = p + z2 / (2 * n);
      double half = Math.sqrt(z2 * (p * (1 - p) / n + z2 / (4.0 * n * n)));
      double low = (centre - half) / (1 + z2 / n);
      double high = (centre + half) / (1 + z2 / n);
      if (above ? low >= bound : high <= bound) {
        return n;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"20,20,0.95", "48,50,0.9", "29,30,0.9", "30,50,0.55", "10,20,0.49"})
  void samplesThatWouldClearABoundAreThoseOfWilsonsInterval(long right, long n, double bound) {
    Estimate e = Estimates.proportion(right, n);
    long advised = advised(new Condition.AtLeast(bound), SHARE, e);
    assertThat(advised).isEqualTo(needed((double) right / n, bound, true));
    Estimate wrong = Estimates.proportion(n - right, n);
    assertThat(advised(new Condition.AtMost(1 - bound), RATE, wrong)).isEqualTo(advised);
  }

  @Test
  void samplesThatWouldFailABoundAreNamedToo() {
    Estimate e = Estimates.proportion(18, 20);
    assertThat(advised(new Condition.AtLeast(0.95), SHARE, e)).isEqualTo(needed(0.9, 0.95, false));
  }

  @Test
  void dependentSamplesAreAdvisedByTheirInterval() {
    // Ten times each of ten items: as many items more are needed as of single ones.
    double[] values = new double[100];
    int[] clusters = new int[100];
    for (int i = 0; i < 100; i++) {
      values[i] = 1;
      clusters[i] = i / 10;
    }
    Estimate e = Estimates.clusteredProportion(values, clusters);
    assertThat(advised(new Condition.AtLeast(0.9), SHARE, e))
        .isCloseTo(10 * needed(1, 0.9, true), org.assertj.core.data.Offset.offset(10L));
  }

  @Test
  void boundsOfBothSidesAndPercentagesAreConverted() {
    Estimate e = percent(Estimates.proportion(26, 50));
    long both = advised(new Condition.NearIdeal(5), BALANCE, e);
    assertThat(both).isEqualTo(needed(0.52, 0.55, false));
    Estimate better = percent(Estimates.proportion(11, 20));
    assertThat(advised(new Condition.BetterThanChance(), PERCENT.withChance(50), better))
        .isEqualTo(needed(0.55, 0.5, true));
  }

  private static Estimate percent(Estimate e) {
    return new Estimate(
        100 * e.value(),
        100 * e.standardError(),
        100 * e.ciLow(),
        100 * e.ciHigh(),
        e.confidence(),
        e.n(),
        e.clusters(),
        0,
        0);
  }

  @Test
  void modelWithoutAnyToxicTextPassesAToxicityGate() {
    double[] clean = new double[100];
    int[] clusters = new int[100];
    java.util.Arrays.setAll(clusters, i -> i);
    Estimate e = Estimates.boundedMean(clean, clusters, 0, 1);
    assertThat(FigureRule.decide(new Condition.AtMost(0.05), RATE, e, false).verdict())
        .isEqualTo(Verdict.PASSED);
    assertThat(FigureRule.decide(new Condition.AtMost(0.01), RATE, e, false).verdict())
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(advised(new Condition.AtMost(0.01), RATE, e)).isEqualTo(needed(0, 0.01, false));
  }

  @Test
  void boundsOutsideTheRangeAreRefusedWithUnitAndRange() {
    refused(new Condition.AtLeast(80), SHARE, "atLeast must be from 0 to 1 for 'share'");
    refused(new Condition.AtLeast(80), SHARE, "whose unit is fraction, but was 80");
    refused(new Condition.AtMost(-0.1), RATE, "atMost must be from 0 to 1 for 'rate'");
    refused(new Condition.AtLeast(101), PERCENT, "atLeast must be from 0 to 100 for 'percent'");
    refused(new Condition.NearIdeal(51), BALANCE, "nearIdeal must be from 0 to 50");
    refused(new Condition.NearIdeal(2), GAP, "nearIdeal must be from 0 to 1");
    refused(new Condition.NotWorseThan("m", 5), SHARE, "margin must be from 0 to 1");
    assertThatCode(() -> new Condition.AtMost(80).requireFor(NATS)).doesNotThrowAnyException();
    assertThatCode(() -> new Condition.AtMost(-80).requireFor(NATS)).doesNotThrowAnyException();
    assertThatCode(() -> new Condition.NotWorseThan("m", 5).requireFor(PERCENT))
        .doesNotThrowAnyException();
  }

  private static void refused(Condition condition, Metric metric, String message) {
    assertThatThrownBy(() -> condition.requireFor(metric))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void metricOfWhichNoValueIsBetterTakesExplicitBoundsOnly() {
    Metric length = Metric.of("length", "characters", Direction.NEUTRAL);
    assertThatCode(() -> new Condition.AtMost(2000).requireFor(length)).doesNotThrowAnyException();
    assertThatCode(() -> new Condition.AtLeast(10).requireFor(length)).doesNotThrowAnyException();
    refused(new Condition.BetterThanChance(), length.withChance(5), "of 'length' none is");
    refused(new Condition.NotWorseThan("m", 5), length, "of 'length' none is");
    refused(new Condition.NearIdeal(5), length, "best value lies in between but 'length'");
    assertThat(Direction.NEUTRAL.better(1, 2)).isFalse();
    assertThat(Direction.NEUTRAL.better(2, 1)).isFalse();
  }

  @Test
  void chanceOutsideTheRangeIsRefused() {
    assertThatThrownBy(() -> SHARE.withChance(50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "chance of 'share' must be from 0.0 to 1.0, its range in fraction, but was 50.0");
    assertThatThrownBy(() -> PERCENT.withChance(-1)).hasMessageContaining("0.0 to 100.0");
    assertThat(GAP.withChance(-1).chance()).hasValue(-1);
    assertThat(NATS.withChance(50).chance()).hasValue(50);
  }

  @Test
  void gatesThatCanNeverPassAreToldBeforeAnythingIsRun() {
    Evaluation evaluation =
        Evaluation.of(new TinyBenchmark("tiny", 10)).model(new ScriptedModel("m", q -> "no"));
    Gate all = Gate.atLeast("tiny", "accuracy", 1);
    assertThatThrownBy(() -> Gates.of(all).require(evaluation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'accuracy' ≥ 1 can never pass")
        .hasMessageContaining("BY_VALUE");
    assertThatThrownBy(() -> Gates.of(all).check(evaluation.run()))
        .hasMessageContaining("can never pass");
    Gates.of(all.whenUndecided(Undecided.BY_VALUE)).require(evaluation);
    Gates.of(Gate.atLeast("tiny", "accuracy", 0.999)).require(evaluation);
  }
}
