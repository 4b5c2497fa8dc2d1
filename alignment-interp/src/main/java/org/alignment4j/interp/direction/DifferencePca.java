package org.alignment4j.interp.direction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * The first principal component of the differences of pairs. The differences are kept, {@code
 * 8·pairs·d} bytes, since signs by pairs need each of them; the decomposition is of the smaller of
 * {@code [pairs, pairs]} and {@code [d, d]}. Not thread-safe; one for each thread, merged at the
 * end.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DifferencePca {

  private static final double ROUNDING = 1e-12;

  private final int width;
  private final PcaCentring centring;
  private final SignRule sign;
  private final List<double[]> differences = new ArrayList<>();
  private final List<Boolean> firstPositive = new ArrayList<>();

  /**
   * An estimator that has seen nothing.
   *
   * @param width numbers in a row
   * @throws IllegalArgumentException if it is not positive
   */
  public DifferencePca(int width, PcaCentring centring, SignRule sign) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be positive but was " + width);
    }
    this.width = width;
    this.centring = centring;
    this.sign = sign;
  }

  /** As steering-vectors: around 0, pointing to the positive side in the mean. */
  public static DifferencePca uncentred(int width) {
    return new DifferencePca(width, PcaCentring.NONE, SignRule.MEAN_PROJECTION);
  }

  /** As {@code pca_diff} of repeng: around the mean difference, by the majority of pairs. */
  public static DifferencePca ofDifferences(int width) {
    return new DifferencePca(width, PcaCentring.DIFFERENCES, SignRule.MAJORITY_OF_PAIRS);
  }

  /** As representation-engineering: recentred, by training accuracy, the majority of pairs. */
  public static DifferencePca recentred(int width) {
    return new DifferencePca(width, PcaCentring.RECENTRED, SignRule.MAJORITY_OF_PAIRS);
  }

  /**
   * Adds pairs whose first member is the positive one.
   *
   * @param positive {@code [pairs, d]}
   * @param negative {@code [pairs, d]}, row for row
   * @throws IllegalArgumentException if widths or numbers of rows differ
   */
  public void update(Rows positive, Rows negative) {
    boolean[] order = new boolean[positive.count()];
    Arrays.fill(order, true);
    update(positive, negative, order);
  }

  /**
   * Adds pairs in any order of their members.
   *
   * @param first {@code [pairs, d]}
   * @param second {@code [pairs, d]}, row for row
   * @param firstIsPositive whether the first member of each pair is the positive one
   * @throws IllegalArgumentException if widths or numbers of rows differ
   */
  public void update(Rows first, Rows second, boolean[] firstIsPositive) {
    first.requireWidth(width);
    second.requireWidth(width);
    if (first.count() != second.count() || first.count() != firstIsPositive.length) {
      throw new IllegalArgumentException(
          "every pair must have two members and an order but there are "
              + first.count()
              + " first, "
              + second.count()
              + " second and "
              + firstIsPositive.length
              + " orders");
    }
    for (int i = 0; i < first.count(); i++) {
      double[] difference = first.row(i);
      for (int j = 0; j < width; j++) {
        difference[j] -= second.get(i, j);
      }
      differences.add(difference);
      firstPositive.add(firstIsPositive[i]);
    }
  }

  /**
   * Adds what another estimator has seen; it is not changed.
   *
   * @throws IllegalArgumentException if its width, centring or rule of signs is another
   */
  public void merge(DifferencePca other) {
    if (other.width != width || other.centring != centring || other.sign != sign) {
      throw new IllegalArgumentException(
          "estimators to be merged must be alike but are "
              + describe()
              + " and "
              + other.describe());
    }
    differences.addAll(other.differences);
    firstPositive.addAll(other.firstPositive);
  }

  private String describe() {
    return centring + " by " + sign + " of width " + width;
  }

  /** Number of pairs seen. */
  public int count() {
    return differences.size();
  }

  /**
   * The component, of unit length.
   *
   * @throws IllegalStateException if no pair was seen, or the differences do not vary around their
   *     centre
   */
  public double[] vector() {
    if (differences.isEmpty()) {
      throw new IllegalStateException("a component needs at least one pair but none was seen");
    }
    double[][] centred = centred();
    double largest = 0;
    for (double[] difference : differences) {
      for (double c : difference) {
        largest = Math.max(largest, Math.abs(c));
      }
    }
    double[] component = PrincipalComponent.first(centred, width, ROUNDING * largest);
    if (component.length == 0) {
      throw new IllegalStateException(
          "the differences of "
              + count()
              + " pairs must vary around their centre ("
              + centring
              + ") but do not; centre them otherwise, or use the mean difference");
    }
    if (pointsAway(component)) {
      for (int j = 0; j < width; j++) {
        component[j] = -component[j];
      }
    }
    return component;
  }

  /**
   * The component as a direction of unit length.
   *
   * @throws IllegalStateException as {@link #vector}
   */
  public Direction direction(ActivationSite site, String modelId) {
    String variant = "pca of differences, centring " + centring + ", sign " + sign;
    return Direction.raw(vector(), site, modelId, variant).unit();
  }

  private double[][] centred() {
    double[][] rows = new double[count()][];
    double[] mean = new double[width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = differences.get(i).clone();
      boolean turn = centring == PcaCentring.DIFFERENCES && !firstPositive.get(i);
      for (int j = 0; j < width; j++) {
        rows[i][j] = turn ? -rows[i][j] : rows[i][j];
        mean[j] += rows[i][j] / rows.length;
      }
    }
    if (centring != PcaCentring.NONE) {
      for (double[] row : rows) {
        for (int j = 0; j < width; j++) {
          row[j] -= mean[j];
        }
      }
    }
    return rows;
  }

  private boolean pointsAway(double[] component) {
    double sum = 0;
    int higher = 0;
    int lower = 0;
    for (int i = 0; i < count(); i++) {
      double projection = 0;
      for (int j = 0; j < width; j++) {
        projection += differences.get(i)[j] * component[j];
      }
      projection = firstPositive.get(i) ? projection : -projection;
      sum += projection;
      higher += projection > 0 ? 1 : 0;
      lower += projection < 0 ? 1 : 0;
    }
    return switch (sign) {
      case MEAN_PROJECTION -> sum < 0;
      case MAJORITY_OF_PAIRS -> lower > higher;
    };
  }
}
