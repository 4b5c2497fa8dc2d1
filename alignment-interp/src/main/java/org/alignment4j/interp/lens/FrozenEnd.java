package org.alignment4j.interp.lens;

import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;

/**
 * The end of a run as the linear map of the stream that it is at the final norm's scale: a
 * combination of logits is a constant plus the product of the stream with a direction at every
 * place. Immutable.
 */
final class FrozenEnd {

  /** Rounding that a normalised value may show. */
  private static final double TOLERANCE = 1e-3;

  private final List<TokenIds> tokens;
  private final double[][][] directions;
  private final double[] constants;

  private FrozenEnd(List<TokenIds> tokens, double[][][] directions, double[] constants) {
    this.tokens = tokens;
    this.directions = directions;
    this.constants = constants;
  }

  /** Checks that a metric is a combination of logits. */
  static void requireLinear(LogitMetric metric) {
    if (metric.form() != LogitMetric.Form.LOGITS) {
      throw new IllegalArgumentException(
          "a direct attribution needs a combination of logits but the metric is of "
              + metric.form());
    }
  }

  /** The points that a run must keep besides the stream after the last layer. */
  static List<HookPointSet<?>> points(HookedModel model) {
    return hasNorm(model) ? List.of(HookPoints.lnFinal(), HookPoints.lnFinalScale()) : List.of();
  }

  private static boolean hasNorm(HookedModel model) {
    return model.hookPoints().contains(HookPoints.lnFinal());
  }

  /**
   * The end of a run.
   *
   * @param cache what the run kept, {@link #points} among it
   * @param stream after the last layer
   * @throws IllegalStateException when the final norm is none of the stream
   */
  static FrozenEnd of(HookedModel model, ActivationCache cache, Values stream, LogitMetric metric) {
    List<TokenIds> tokens = cache.tokens();
    HookPoint<?> end = hasNorm(model) ? HookPoints.lnFinal() : HookPoints.unembedIn();
    GradientResult slope = slope(model, tokens, metric, end);
    Values direction = slope.gradients().values(end);
    Values scale = hasNorm(model) ? cache.values(HookPoints.lnFinalScale()) : Values.scalar(1);
    boolean centred = hasNorm(model) && centred(cache, stream, scale);
    double[][][] directions = new double[tokens.size()][][];
    for (int row = 0; row < directions.length; row++) {
      directions[row] = new double[tokens.get(row).size()][];
      for (int p = 0; p < directions[row].length; p++) {
        double by = scale.rank() == 0 ? scale.get() : scale.get(row, p, 0);
        directions[row][p] = pulled(direction, row, p, by, centred);
      }
    }
    return new FrozenEnd(tokens, directions, slope.metric());
  }

  /**
   * The metric and its gradient where nothing reaches the unembedding: the constant and the
   * direction. A soft cap has slope 1 there.
   */
  private static GradientResult slope(
      HookedModel model, List<TokenIds> sequences, LogitMetric metric, HookPoint<?> end) {
    return hasNorm(model)
        ? model
            .forward(sequences)
            .with(Edits.replace(HookPoints.lnFinal(), Values.scalar(0)))
            .gradients(metric, end)
        : model
            .forward(sequences)
            .with(Edits.replace(HookPoints.unembedIn(), Values.scalar(0)))
            .gradients(metric, end);
  }

  /** {@code (g − mean(g)) / scale}: the direction behind the norm as one before it. */
  private static double[] pulled(
      Values direction, int row, int position, double scale, boolean centred) {
    double[] pulled = new double[direction.shape()[2]];
    double mean = 0;
    for (int c = 0; c < pulled.length; c++) {
      pulled[c] = direction.get(row, position, c);
      mean += pulled[c] / pulled.length;
    }
    for (int c = 0; c < pulled.length; c++) {
      pulled[c] = (pulled[c] - (centred ? mean : 0)) / scale;
    }
    return pulled;
  }

  /** Whether the norm that gave what a run kept takes the mean away. */
  private static boolean centred(ActivationCache cache, Values stream, Values scale) {
    Values normalised = cache.values(HookPoints.lnFinal());
    for (boolean centred : new boolean[] {false, true}) {
      if (gives(cache.tokens(), stream, scale, normalised, centred)) {
        return centred;
      }
    }
    throw new IllegalStateException(
        "the final norm must be that of the stream after the last layer but "
            + HookPoints.lnFinal()
            + " is not; take the edits between them away");
  }

  private static boolean gives(
      List<TokenIds> tokens, Values stream, Values scale, Values normalised, boolean centred) {
    int width = stream.shape()[2];
    for (int row = 0; row < tokens.size(); row++) {
      for (int p = 0; p < tokens.get(row).size(); p++) {
        double mean = 0;
        for (int c = 0; centred && c < width; c++) {
          mean += (double) stream.get(row, p, c) / width;
        }
        for (int c = 0; c < width; c++) {
          double expected = (stream.get(row, p, c) - mean) / scale.get(row, p, 0);
          if (!(Math.abs(expected - normalised.get(row, p, c)) <= TOLERANCE)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** What each sequence's metric is without the stream. */
  double[] constants() {
    return constants.clone();
  }

  /** The direction at a place, {@code [dModel]}; not to be changed. */
  double[] direction(int row, int position) {
    return directions[row][position];
  }

  /** A part of the stream times the directions, over all positions of a sequence. */
  double product(Values part, int row) {
    double sum = 0;
    for (int p = 0; p < tokens.get(row).size(); p++) {
      double[] direction = directions[row][p];
      for (int c = 0; c < direction.length; c++) {
        sum += part.get(row, p, c) * direction[c];
      }
    }
    return sum;
  }
}
