package org.alignment4j.interp.feature.train;

import java.util.Map;
import org.alignment4j.runtime.train.FlatParameters;

/**
 * The loss of a variant and its gradient, a pure function of its arguments whatever the number of
 * threads. Used by one thread at a time; closed by its owner.
 */
interface SaeLoss extends AutoCloseable {

  /**
   * Computes the loss of a batch.
   *
   * @param batch normalised rows
   * @param setting what varies from step to step
   * @param parameters in the layout of {@link SaeParameters}
   * @param gradients overwritten with the gradient of the loss
   */
  Outcome evaluate(
      SaeBatch batch, Setting setting, FlatParameters parameters, FlatParameters gradients);

  @Override
  void close();

  /**
   * What varies from step to step.
   *
   * @param warmth what penalties that warm up are multiplied by, in [0, 1]
   * @param dead which features are dead
   */
  record Setting(double warmth, boolean[] dead) {
    int deadCount() {
      int count = 0;
      for (boolean one : dead) {
        count += one ? 1 : 0;
      }
      return count;
    }
  }

  /**
   * What was computed beside the gradient.
   *
   * @param terms terms of the loss by name; the loss is their sum
   * @param rowErrors {@code ‖x − x̂‖²} of each row
   * @param firings rows at which each feature is above zero
   * @param smallestKept smallest compared activation that a selection over the batch kept; NaN
   *     where there is none
   */
  record Outcome(
      Map<String, Double> terms, double[] rowErrors, long[] firings, double smallestKept) {
    double loss() {
      return terms.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }
}
