package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Takes means of activations batch by batch, in double precision. Padding never counts. Not
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ActivationMeansEstimator {

  private final ActivationMeans.Scope scope;
  private final OptionalInt bos;
  private final Map<HookPoint<?>, Sums> sums = new LinkedHashMap<>();

  /**
   * An estimator that has seen nothing.
   *
   * @param scope over what the mean is taken
   * @param bos the beginning-of-sequence token, where sequences begin with one
   */
  public ActivationMeansEstimator(ActivationMeans.Scope scope, OptionalInt bos) {
    this.scope = Objects.requireNonNull(scope, "scope");
    this.bos = Objects.requireNonNull(bos, "bos");
  }

  /** Sums and counts by place; the last place is that of all tokens but the first. */
  private static final class Sums {
    private final int[] shape;
    private final boolean attention;
    private final List<double[]> totals = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();

    Sums(int[] shape, boolean attention) {
      this.shape = shape;
      this.attention = attention;
    }

    int width() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    void add(int place, float[] data, int from) {
      while (totals.size() <= place) {
        totals.add(new double[width()]);
        counts.add(0L);
      }
      double[] total = totals.get(place);
      for (int i = 0; i < total.length; i++) {
        total[i] += data[from + i];
      }
      counts.set(place, counts.get(place) + 1);
    }

    float[] mean(int place) {
      float[] mean = new float[width()];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) (totals.get(place)[i] / counts.get(place));
      }
      return mean;
    }

    boolean counted(int place) {
      return place < counts.size() && counts.get(place) > 0;
    }
  }

  /**
   * Adds a run.
   *
   * @param cache what the run kept
   * @throws IllegalArgumentException when it kept nothing, other points than runs before, or
   *     attention of sequences of several lengths or for another mean than one by position
   */
  public void update(ActivationCache cache) {
    if (cache.points().isEmpty()
        || (!sums.isEmpty() && !sums.keySet().equals(Set.copyOf(cache.points())))) {
      throw new IllegalArgumentException(
          "every run must keep the same points, at least one, but one kept "
              + cache.points()
              + (sums.isEmpty() ? "" : " after " + sums.keySet()));
    }
    for (HookPoint<?> point : cache.points()) {
      Values values = cache.values(point);
      if (point.kind().axes().contains(Axis.KEY)) {
        addAttention(point, values, cache.tokens());
      } else {
        addPositions(point, values, cache.tokens());
      }
    }
  }

  private void addAttention(HookPoint<?> point, Values values, List<TokenIds> tokens) {
    int[] shape = Arrays.copyOfRange(values.shape(), 1, values.rank());
    Sums sum = sums.computeIfAbsent(point, p -> new Sums(shape, true));
    boolean even = tokens.stream().allMatch(sequence -> sequence.size() == shape[1]);
    if (scope != ActivationMeans.Scope.PER_POSITION || !even || !Arrays.equals(shape, sum.shape)) {
      throw new IllegalArgumentException(
          "a mean of attention must be taken PER_POSITION over sequences of one length but was "
              + scope
              + " at "
              + point
              + " over sequences of "
              + tokens.stream().map(TokenIds::size).distinct().toList()
              + " tokens");
    }
    float[] data = values.toArray();
    for (int row = 0; row < tokens.size(); row++) {
      sum.add(0, data, row * sum.width());
    }
  }

  private void addPositions(HookPoint<?> point, Values values, List<TokenIds> tokens) {
    int[] all = values.shape();
    Sums sum =
        sums.computeIfAbsent(point, p -> new Sums(Arrays.copyOfRange(all, 2, all.length), false));
    float[] data = values.toArray();
    for (int row = 0; row < tokens.size(); row++) {
      TokenIds sequence = tokens.get(row);
      for (int position = 0; position < sequence.size(); position++) {
        boolean first = position == 0 && bos.isPresent() && sequence.get(0) == bos.getAsInt();
        int place = scope == ActivationMeans.Scope.PER_POSITION ? position : first ? 0 : 1;
        sum.add(place, data, (row * all[1] + position) * sum.width());
      }
    }
  }

  /**
   * Returns the means of what was seen.
   *
   * @return the means
   * @throws IllegalArgumentException when nothing was seen
   */
  public ActivationMeans result() {
    if (sums.isEmpty()) {
      throw new IllegalArgumentException("a mean must be taken over at least one sequence");
    }
    Map<HookPoint<?>, ActivationMeans.Mean> means = new LinkedHashMap<>();
    sums.forEach((point, sum) -> means.put(point, mean(sum)));
    return new ActivationMeans(scope, means);
  }

  private ActivationMeans.Mean mean(Sums sum) {
    List<float[]> byPosition = new ArrayList<>();
    float[] others = new float[0];
    if (scope == ActivationMeans.Scope.PER_POSITION) {
      for (int place = 0; place < sum.totals.size(); place++) {
        byPosition.add(sum.mean(place));
      }
    } else {
      others = sum.counted(1) ? sum.mean(1) : sum.mean(0);
      if (sum.counted(0)) {
        byPosition.add(sum.mean(0));
      }
    }
    return new ActivationMeans.Mean(sum.shape, byPosition, others, sum.attention);
  }
}
