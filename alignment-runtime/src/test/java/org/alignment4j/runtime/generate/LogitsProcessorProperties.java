package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

class LogitsProcessorProperties {

  /** Rows with ties: scores are multiples of a step. */
  private static double[] row(long seed, int size, double step) {
    Random random = new Random(seed);
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      row[i] = Math.rint(random.nextGaussian() * 4 / step) * step;
    }
    return row;
  }

  private static double[] apply(LogitsProcessor processor, double[] row) {
    double[] scores = row.clone();
    processor.apply(scores, new int[0], 0);
    return scores;
  }

  /** Sorts everything, as the definition says. */
  private static double[] naiveTopP(double[] row, double p) {
    List<Integer> order = new ArrayList<>();
    double total = 0;
    double max = Rows.max(row);
    for (int i = 0; i < row.length; i++) {
      order.add(i);
      total += Math.exp(row[i] - max);
    }
    order.sort(Comparator.comparingDouble(i -> row[i] + 0.0));
    double[] kept = row.clone();
    double cumulative = 0;
    for (int i : order.subList(0, order.size() - 1)) {
      cumulative += Math.exp(row[i] - max) / total;
      if (cumulative <= 1 - p) {
        kept[i] = LogitsProcessor.REMOVED;
      }
    }
    return kept;
  }

  @Property(tries = 200)
  void topPEqualsFullSort(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @Scale(6) @DoubleRange(min = 0.01, max = 1) double p) {
    double[] row = row(seed, size, 0.5);
    assertThat(apply(new TopP(p), row)).containsExactly(naiveTopP(row, p));
  }

  @Property(tries = 40)
  void topPOfLargeRowsEqualsFullSort(
      @ForAll long seed, @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 1) double p) {
    double[] row = row(seed, 6000, 1e-3);
    assertThat(apply(new TopP(p), row)).containsExactly(naiveTopP(row, p));
  }

  @Property(tries = 20)
  void topPOfLargeFlatRowsKeepsTheRightNumber(
      @ForAll @Scale(6) @DoubleRange(min = 0.01, max = 0.99) double p) {
    double[] row = new double[5000];
    assertThat(apply(new TopP(p), row)).containsExactly(naiveTopP(row, p));
  }

  @Property(tries = 200)
  void topKKeepsExactlyTheScoresNotBelowTheKth(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @IntRange(min = 1, max = 70) int k) {
    double[] row = row(seed, size, 0.5);
    double[] sorted = row.clone();
    java.util.Arrays.sort(sorted);
    double threshold = sorted[Math.max(0, size - k)];
    double[] kept = apply(new TopK(k), row);
    for (int i = 0; i < size; i++) {
      assertThat(kept[i]).isEqualTo(row[i] >= threshold ? row[i] : LogitsProcessor.REMOVED);
    }
  }

  @Property(tries = 200)
  void keptMassReachesPAndGrowsWithP(
      @ForAll long seed,
      @ForAll @Scale(6) @DoubleRange(min = 0.05, max = 0.9) double p,
      @ForAll @Scale(6) @DoubleRange(min = 0, max = 0.1) double more) {
    double[] row = row(seed, 40, 0.25);
    double[] less = apply(new TopP(p), row);
    double[] wider = apply(new TopP(p + more), row);
    double max = Rows.max(row);
    assertThat(Rows.sumExp(less, max) / Rows.sumExp(row, max)).isGreaterThanOrEqualTo(p - 1e-12);
    for (int i = 0; i < row.length; i++) {
      if (less[i] != LogitsProcessor.REMOVED) {
        assertThat(wider[i]).isEqualTo(row[i]);
      }
    }
  }

  @Property(tries = 200)
  void typicalKeepsItsMassAndNothingFartherThanWhatItRemoves(
      @ForAll long seed, @ForAll @Scale(6) @DoubleRange(min = 0.05, max = 0.99) double p) {
    double[] row = row(seed, 40, 0.25);
    double[] kept = apply(new TypicalP(p), row);
    double max = Rows.max(row);
    double total = Rows.sumExp(row, max);
    double entropy = 0;
    for (double score : row) {
      double q = Math.exp(score - max) / total;
      entropy -= q * Math.log(q);
    }
    double farthestKept = 0;
    double nearestRemoved = Double.POSITIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      double distance = Math.abs(max + Math.log(total) - row[i] - entropy);
      if (kept[i] == LogitsProcessor.REMOVED) {
        nearestRemoved = Math.min(nearestRemoved, distance);
      } else {
        assertThat(kept[i]).isEqualTo(row[i]);
        farthestKept = Math.max(farthestKept, distance);
      }
    }
    assertThat(farthestKept).isLessThan(nearestRemoved + 1e-12);
    assertThat(Rows.sumExp(kept, max) / total).isGreaterThanOrEqualTo(p - 1e-12);
  }

  @Property(tries = 200)
  void etaNeverCutsMoreThanEpsilonAndBothKeepTheMost(
      @ForAll long seed, @ForAll @Scale(6) @DoubleRange(min = 0, max = 0.9) double epsilon) {
    double[] row = row(seed, 40, 0.25);
    double[] plain = apply(new EpsilonCutoff(epsilon), row);
    double[] eta = apply(new EtaCutoff(epsilon), row);
    for (int i = 0; i < row.length; i++) {
      if (plain[i] != LogitsProcessor.REMOVED) {
        assertThat(eta[i]).isEqualTo(row[i]);
      }
    }
    assertThat(plain[Rows.argmax(row)]).isEqualTo(Rows.max(row));
  }

  @Property(tries = 100)
  void minPAlwaysKeepsTheMost(
      @ForAll long seed, @ForAll @Scale(6) @DoubleRange(min = 0, max = 1) double p) {
    double[] row = row(seed, 40, 0.25);
    double[] kept = apply(new MinP(p), row);
    double max = Rows.max(row);
    for (int i = 0; i < row.length; i++) {
      boolean stays = kept[i] != LogitsProcessor.REMOVED;
      double ratio = Math.exp(row[i] - max);
      if (Math.abs(ratio - p) > 1e-12) {
        assertThat(stays).isEqualTo(ratio > p);
      }
    }
    assertThat(kept[Rows.argmax(row)]).isEqualTo(max);
  }

  @Property(tries = 100)
  void drawnTokenCoversTheUniformAndItsLogProbIsExact(
      @ForAll long seed, @ForAll @Scale(6) @DoubleRange(min = 0, max = 0.999999) double uniform) {
    double[] scores = apply(new TopK(9), row(seed, 30, 0.25));
    TokenChoice choice = TokenSampler.draw(scores, uniform);
    double max = Rows.max(scores);
    double total = Rows.sumExp(scores, max);
    double before = 0;
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      double p = Math.exp(scores[i] - max) / total;
      before += i < choice.token() ? p : 0;
      sum += p;
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat(scores[choice.token()]).isNotEqualTo(LogitsProcessor.REMOVED);
    assertThat(before).isLessThanOrEqualTo(uniform + 1e-12);
    assertThat(before + Math.exp(choice.logProb())).isGreaterThanOrEqualTo(uniform - 1e-12);
  }
}
