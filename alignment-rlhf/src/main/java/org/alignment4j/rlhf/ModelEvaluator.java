package org.alignment4j.rlhf;

import java.util.Map;
import org.apiguardian.api.API;

/**
 * Measures a model while it is trained.
 *
 * @param <M> the kind of model
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface ModelEvaluator<M> {

  /**
   * Measures the model. For runs that can be interrupted it must be a pure function of the model,
   * which is closed when this returns: it must not be kept.
   *
   * @param model the model as it is
   * @return numbers by name, such as {@code loss}
   */
  Map<String, Double> evaluate(M model);
}
