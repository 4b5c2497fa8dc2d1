package org.alignment4j.interp.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.RocArea;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.regression.BinaryLabels;
import org.apiguardian.api.API;

/**
 * Measures a way of making probes by cross-validation over groups: nothing is chosen and reported
 * on the same rows. Immutable and thread-safe.
 *
 * @param method how probes are made
 * @param site where the rows come from
 * @param folds folds of groups, at least 2
 * @param shuffles how often labels are shuffled for the baseline, at least 1
 * @param bootstrap resampling of groups
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ProbeStudy(
    ProbeMethod method, ActivationSite site, int folds, int shuffles, Bootstrap bootstrap) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is too small
   */
  public ProbeStudy {
    if (folds < 2 || shuffles < 1) {
      throw new IllegalArgumentException(
          "folds must be at least 2 and shuffles at least 1 but were "
              + folds
              + " and "
              + shuffles);
    }
  }

  /** Five folds, ten shuffles, two thousand resamples. */
  public static ProbeStudy of(ProbeMethod method, ActivationSite site, long seed) {
    return new ProbeStudy(method, site, 5, 10, Bootstrap.seeded(seed));
  }

  /**
   * Measures.
   *
   * @param data rows with class and group
   * @param random divides groups and shuffles labels
   * @param cancellation asks to stop at the next step of a fit
   * @throws IllegalArgumentException if there are fewer groups than folds, or a fold leaves rows of
   *     one class only to be fitted on
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public ProbeReport measure(
      LabelledRows data, RandomGenerator random, CancellationToken cancellation) {
    List<GroupSplit> splits = GroupSplit.folds(data.groups(), folds, random);
    boolean[] labels = data.labels();
    double[] scores = tested(data.rows(), labels, splits, cancellation);
    double randomLabels = 0;
    for (int s = 0; s < shuffles; s++) {
      boolean[] shuffled = DrawnLabels.betweenGroups(labels, data.groups(), random);
      double[] right = right(tested(data.rows(), shuffled, splits, cancellation), shuffled);
      randomLabels += Arrays.stream(right).average().orElse(0) / shuffles;
    }
    return new ProbeReport(
        method.label(),
        site,
        Estimates.clusteredProportion(right(scores, labels), data.groups()),
        area(scores, labels, data.groups(), splits),
        majority(labels, splits),
        randomLabels);
  }

  /**
   * Compares the task with a control task: every type gets a random class, and a second probe is
   * fitted on these. Types that occur once cannot be learned by heart, so rows need types that come
   * again, such as the id of the token that a row stands at.
   *
   * @param data rows with class and group
   * @param types the type of each row, any numbers
   * @param random divides groups and draws classes
   * @param cancellation asks to stop at the next step of a fit
   * @throws IllegalArgumentException if there are not as many types as rows, or fewer than two
   *     different ones
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Selectivity selectivity(
      LabelledRows data, int[] types, RandomGenerator random, CancellationToken cancellation) {
    boolean[] labels = data.labels();
    if (types.length != labels.length || Arrays.stream(types).distinct().count() < 2) {
      throw new IllegalArgumentException(
          "every row must have a type, of which two differ, but there are "
              + labels.length
              + " rows and "
              + types.length
              + " types, "
              + Arrays.stream(types).distinct().count()
              + " of them different");
    }
    List<GroupSplit> splits = GroupSplit.folds(data.groups(), folds, random);
    boolean[] control = DrawnLabels.byType(types, random);
    double[] task = right(tested(data.rows(), labels, splits, cancellation), labels);
    double[] other = right(tested(data.rows(), control, splits, cancellation), control);
    return new Selectivity(
        Estimates.clusteredProportion(task, data.groups()),
        Estimates.clusteredProportion(other, data.groups()),
        Estimates.clusteredPairedDifference(
            task, other, data.groups(), Estimates.DEFAULT_CONFIDENCE));
  }

  /**
   * How much the direction depends on which groups were there: cosines between the weights of all
   * rows and those of resampled groups.
   *
   * @param data rows with class and group
   * @param resamples at least 2
   * @param random draws groups
   * @param cancellation asks to stop at the next step of a fit
   * @return mean and interval of the cosines; near 1 for a direction that can be trusted
   * @throws IllegalArgumentException if resamples are below 2
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Estimate stability(
      LabelledRows data, int resamples, RandomGenerator random, CancellationToken cancellation) {
    if (resamples < 2) {
      throw new IllegalArgumentException("resamples must be at least 2 but were " + resamples);
    }
    double[] whole = weights(data.rows(), data.labels(), cancellation);
    List<int[]> members = DrawnLabels.members(data.groups());
    double[] cosines = new double[resamples];
    int r = 0;
    int rejected = 0;
    while (r < resamples) {
      List<Integer> drawn = new ArrayList<>();
      for (int g = 0; g < members.size(); g++) {
        for (int row : members.get(random.nextInt(members.size()))) {
          drawn.add(row);
        }
      }
      int[] indices = drawn.stream().mapToInt(i -> i).toArray();
      boolean[] labels = LabelledRows.pick(data.labels(), indices);
      int positives = BinaryLabels.positives(labels);
      if (positives == 0 || positives == labels.length) {
        if (++rejected > 100 * resamples) {
          throw new IllegalArgumentException(
              "resampled groups must hold both classes but hardly ever do; give more groups of"
                  + " each class");
        }
        continue;
      }
      double[] again = weights(data.rows().select(indices), labels, cancellation);
      cosines[r++] = cosine(whole, again);
    }
    return Estimates.mean(cosines);
  }

  private LinearProbe probe(Rows rows, boolean[] labels, CancellationToken cancellation) {
    return method.fit(method.label(), site, rows, labels, cancellation);
  }

  private double[] weights(Rows rows, boolean[] labels, CancellationToken cancellation) {
    return probe(rows, labels, cancellation).weights();
  }

  /** The score of each row by the probe of the fold that tests it. */
  private double[] tested(
      Rows rows, boolean[] labels, List<GroupSplit> splits, CancellationToken cancellation) {
    double[] scores = new double[labels.length];
    for (GroupSplit split : splits) {
      int[] train = split.train();
      Rows fitted = rows.select(train);
      boolean[] known = LabelledRows.pick(labels, train);
      int[] test = split.test();
      double[] each = probe(fitted, known, cancellation).scores(rows.select(test));
      for (int i = 0; i < test.length; i++) {
        scores[test[i]] = each[i];
      }
    }
    return scores;
  }

  private static double[] right(double[] scores, boolean[] labels) {
    double[] right = new double[scores.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = (scores[i] > 0) == labels[i] ? 1 : 0;
    }
    return right;
  }

  /** Scores of different folds' probes are not of one scale: areas are taken within folds. */
  private Estimate area(double[] scores, boolean[] labels, int[] groups, List<GroupSplit> splits) {
    int[] fold = new int[scores.length];
    for (int f = 0; f < splits.size(); f++) {
      for (int row : splits.get(f).test()) {
        fold[row] = f;
      }
    }
    double whole = areaWithinFolds(scores, labels, fold, DrawnLabels.all(scores.length));
    if (Double.isNaN(whole)) {
      return new Estimate(
          Double.NaN, Double.NaN, Double.NaN, Double.NaN, bootstrap.confidence(), 0, 0, 0, 0);
    }
    return bootstrap.of(groups, items -> areaWithinFolds(scores, labels, fold, items)).estimate();
  }

  private double areaWithinFolds(double[] scores, boolean[] labels, int[] fold, int[] items) {
    double sum = 0;
    int counted = 0;
    for (int f = 0; f < folds; f++) {
      int tested = f;
      int[] here = Arrays.stream(items).filter(i -> fold[i] == tested).toArray();
      boolean[] known = LabelledRows.pick(labels, here);
      int positives = BinaryLabels.positives(known);
      if (positives > 0 && positives < known.length) {
        double[] each = Arrays.stream(here).mapToDouble(i -> scores[i]).toArray();
        sum += RocArea.of(each, known).value() * here.length;
        counted += here.length;
      }
    }
    return counted == 0 ? Double.NaN : sum / counted;
  }

  private static double majority(boolean[] labels, List<GroupSplit> splits) {
    int right = 0;
    for (GroupSplit split : splits) {
      boolean[] known = LabelledRows.pick(labels, split.train());
      boolean most = 2 * BinaryLabels.positives(known) > known.length;
      for (int row : split.test()) {
        right += labels[row] == most ? 1 : 0;
      }
    }
    return (double) right / labels.length;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      left += a[i] * a[i];
      right += b[i] * b[i];
    }
    return left == 0 || right == 0 ? 0 : product / Math.sqrt(left * right);
  }
}
