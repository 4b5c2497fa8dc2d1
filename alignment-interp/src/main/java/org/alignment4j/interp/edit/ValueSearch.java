package org.alignment4j.interp.edit;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;

/** Searches the change of a value that makes a model give another answer: Adam from zero. */
final class ValueSearch {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private ValueSearch() {}

  /**
   * What a search found.
   *
   * @param delta the change, {@code [dModel]}
   * @param losses the total loss before each step, and at the end
   * @param likelihood mean negative log-probability of the answer at the end
   * @param divergence of the essence prompt's continuation at the end, in nats
   */
  record Found(
      ImmutableDoubleArray delta,
      ImmutableDoubleArray losses,
      double likelihood,
      double divergence) {}

  static Found run(
      HookedModel model,
      HookPoint<Axes.Residual> point,
      EditRequest request,
      double[] value,
      ValueSearchOptions options,
      CancellationToken cancellation) {
    double length = Math.sqrt(Insertion.dot(value, value));
    if (!(length > 0)) {
      throw new IllegalArgumentException(
          "the value at "
              + point
              + " of "
              + request.id()
              + " must not be zero but was; use another"
              + " layer");
    }
    ValueLoss loss = new ValueLoss(model, point, request, options, length, cancellation);
    double[] delta = new double[value.length];
    double[] first = new double[value.length];
    double[] second = new double[value.length];
    ImmutableDoubleArray.Builder losses = ImmutableDoubleArray.builder();
    for (int step = 1; ; step++) {
      cancellation.throwIfCancelled("the search of an edit's value");
      ValueLoss.Result result = loss.at(delta, cancellation);
      losses.add(result.total());
      if (result.total() < options.goodLoss() || step >= options.steps()) {
        return new Found(
            ImmutableDoubleArray.copyOf(delta),
            losses.build(),
            result.likelihood(),
            result.divergence());
      }
      for (int i = 0; i < delta.length; i++) {
        double g = result.gradient().get(i);
        first[i] = BETA1 * first[i] + (1 - BETA1) * g;
        second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
        double m = first[i] / (1 - Math.pow(BETA1, step));
        double v = second[i] / (1 - Math.pow(BETA2, step));
        delta[i] -= options.learningRate() * m / (Math.sqrt(v) + EPSILON);
      }
      clamp(delta, options.clamp() * length);
    }
  }

  static void clamp(double[] delta, double longest) {
    double norm = Math.sqrt(Insertion.dot(delta, delta));
    if (norm > longest) {
      Arrays.setAll(delta, i -> delta[i] * longest / norm);
    }
  }
}
