package org.alignment4j.oversight.recursive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.oversight.study.Scored;
import org.alignment4j.oversight.study.StudyFindings;
import org.apiguardian.api.API;

/**
 * How much of the distance between an unaided evaluator and an expert aids make up for: {@code
 * (aided − unaided)/(expert − unaided)} (Bowman et al. 2022, section 3). Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GapClosed {
  /** The share of the gap that is closed; 0 when aids do not help, below when they harm. */
  public static final Metric METRIC =
      Metric.of("gap closed", "fraction", Direction.HIGHER)
          .withChance(0)
          .withCitation("Bowman et al. 2022, arXiv 2211.03540");

  private GapClosed() {}

  /**
   * Returns the share with a bootstrap interval over clusters of questions, on the questions that
   * all three arms have verdicts on.
   *
   * @param findings of a study with the three arms
   * @param seed of the resampling
   * @return empty when the expert is not better than the unaided evaluator
   * @throws IllegalArgumentException if an arm was not measured
   */
  public static Optional<Bootstrap.Result> of(
      StudyFindings findings, String unaided, String aided, String expert, long seed) {
    List<Scored> low = rows(findings, unaided);
    List<Scored> own = rows(findings, aided);
    List<Scored> high = rows(findings, expert);
    List<double[]> scores = new ArrayList<>();
    Map<String, Integer> numbers = new LinkedHashMap<>();
    List<Integer> clusters = new ArrayList<>();
    for (int i = 0; i < low.size(); i++) {
      OptionalDouble alone = low.get(i).accuracy();
      OptionalDouble helped = own.get(i).accuracy();
      OptionalDouble best = high.get(i).accuracy();
      if (alone.isPresent() && helped.isPresent() && best.isPresent()) {
        scores.add(new double[] {alone.getAsDouble(), helped.getAsDouble(), best.getAsDouble()});
        clusters.add(
            numbers.computeIfAbsent(low.get(i).question().cluster(), key -> numbers.size()));
      }
    }
    int[] each = new int[scores.size()];
    for (int i = 0; i < each.length; i++) {
      each[i] = i;
    }
    return Double.isNaN(gap(scores, each))
        ? Optional.empty()
        : Optional.of(
            Bootstrap.seeded(seed)
                .of(
                    clusters.stream().mapToInt(Integer::intValue).toArray(),
                    items -> gap(scores, items)));
  }

  private static List<Scored> rows(StudyFindings findings, String arm) {
    List<Scored> rows = findings.rows().get(arm);
    if (rows == null) {
      throw new IllegalArgumentException(
          "there must be an arm '" + arm + "' but the arms are " + findings.rows().keySet());
    }
    return rows;
  }

  private static double gap(List<double[]> scores, int[] items) {
    double gained = 0;
    double room = 0;
    for (int item : items) {
      double[] score = scores.get(item);
      gained += score[1] - score[0];
      room += score[2] - score[0];
    }
    return room > 0 ? gained / room : Double.NaN;
  }
}
