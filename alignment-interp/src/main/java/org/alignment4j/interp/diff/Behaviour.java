package org.alignment4j.interp.diff;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * What a model does, as one number for each of several prompts. The same prompts at every call, in
 * the same order: numbers of two models are compared prompt by prompt.
 */
@FunctionalInterface
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Behaviour {

  /**
   * Measures a model.
   *
   * @param model a model, which is closed by the caller
   * @param cancellation asks to stop
   * @return one finite number a prompt, at least one
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  double[] of(DecoderModel model, CancellationToken cancellation);

  /**
   * A metric of the logits after prompts.
   *
   * @param prompts at least one
   * @param metric of one row for all prompts, or one for each
   * @param batch most prompts of a forward pass
   * @throws IllegalArgumentException if there is no prompt or place in a batch, or the metric has
   *     neither one row nor as many as there are prompts
   */
  static Behaviour metric(List<TokenIds> prompts, LogitMetric metric, int batch) {
    return new MetricBehaviour(prompts, metric, batch);
  }

  /**
   * Any number that a language model is judged by as a whole. As it is one number, shares of it
   * have no interval; give numbers by prompt where there are some.
   *
   * @param figure a pure function of the model
   */
  static Behaviour whole(ToDoubleFunction<? super LanguageModel> figure) {
    return (model, cancellation) -> {
      cancellation.throwIfCancelled("measurement of a behaviour");
      return new double[] {figure.applyAsDouble(model)};
    };
  }
}
