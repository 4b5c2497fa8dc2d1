package org.alignment4j.interp.patch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Means of activations over a data set, padding left out; made by {@link ActivationMeansEstimator}.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ActivationMeans {

  /** Over what the mean is taken. */
  public enum Scope {
    /**
     * Over all tokens, but for a beginning-of-sequence token, whose activations have a norm of
     * their own: its position has a mean of its own.
     */
    DATA_SET,
    /** Over the sequences, position by position. */
    PER_POSITION
  }

  /**
   * The means of one point.
   *
   * @param shape of one position, or of all where queries and keys are the axes
   * @param byPosition one mean for each position; a single one where queries and keys are the axes
   * @param others the mean of positions that have none of their own, or empty
   */
  record Mean(int[] shape, List<float[]> byPosition, float[] others, boolean attention) {}

  private final Scope scope;
  private final Map<HookPoint<?>, Mean> means;

  ActivationMeans(Scope scope, Map<HookPoint<?>, Mean> means) {
    this.scope = scope;
    this.means = new LinkedHashMap<>(means);
  }

  /**
   * Estimates means over sequences.
   *
   * @param model the model
   * @param points where
   * @param sequences the data
   * @param scope over what the mean is taken
   * @param bos the beginning-of-sequence token, where sequences begin with one
   * @param rows how many sequences are run at once, positive
   * @param cancellation asks to stop between batches
   * @return the means
   * @throws IllegalArgumentException when there is no sequence, or as {@link
   *     ActivationMeansEstimator#update} does
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static ActivationMeans of(
      HookedModel model,
      HookPointSet<?> points,
      List<TokenIds> sequences,
      Scope scope,
      OptionalInt bos,
      int rows,
      CancellationToken cancellation) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be positive but was " + rows);
    }
    ActivationMeansEstimator estimator = new ActivationMeansEstimator(scope, bos);
    for (int from = 0; from < sequences.size(); from += rows) {
      List<TokenIds> part = sequences.subList(from, Math.min(sequences.size(), from + rows));
      estimator.update(model.forward(part).cache(points).execute(cancellation).cache());
    }
    return estimator.result();
  }

  /**
   * Returns over what the means were taken.
   *
   * @return the scope
   */
  public Scope scope() {
    return scope;
  }

  /**
   * Returns the points that have means.
   *
   * @return the points, in the order of the forward pass
   */
  public List<HookPoint<?>> points() {
    return List.copyOf(means.keySet());
  }

  /**
   * Returns what stands in place of an activation.
   *
   * @param point the hook point
   * @param positions how many positions are wanted; all that were seen where queries and keys are
   *     the axes
   * @return {@code [position, ...]} with the other axes of the point; {@code [head, query, key]}
   *     for attention
   * @throws IllegalArgumentException when the point has no mean, or a position none
   */
  public Values values(HookPoint<?> point, int positions) {
    Mean mean = means.get(point);
    if (mean == null) {
      throw new IllegalArgumentException(
          "a mean must have been taken at " + point + " but was taken at " + means.keySet());
    }
    if (mean.attention()) {
      return Values.of(mean.shape(), mean.byPosition().get(0));
    }
    int seen = mean.byPosition().size();
    if (positions < 1 || (positions > seen && mean.others().length == 0)) {
      throw new IllegalArgumentException(
          "positions must be 1 to " + seen + ", those that were seen, but was " + positions);
    }
    int width = Arrays.stream(mean.shape()).reduce(1, Math::multiplyExact);
    float[] data = new float[positions * width];
    for (int position = 0; position < positions; position++) {
      float[] from = position < seen ? mean.byPosition().get(position) : mean.others();
      System.arraycopy(from, 0, data, position * width, width);
    }
    int[] shape = new int[mean.shape().length + 1];
    shape[0] = positions;
    System.arraycopy(mean.shape(), 0, shape, 1, mean.shape().length);
    return Values.of(shape, data);
  }
}
