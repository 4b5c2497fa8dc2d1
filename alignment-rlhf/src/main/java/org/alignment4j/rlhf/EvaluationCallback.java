package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.RunCallback;
import org.alignment4j.runtime.train.RunHooks;

/** Makes an evaluation between updates. */
record EvaluationCallback(Evaluation evaluation, ModelView view) implements RunCallback {

  @Override
  public String description() {
    return evaluation.toString();
  }

  @Override
  public boolean due(long step) {
    return evaluation.due(step);
  }

  @Override
  public Map<String, Double> after(long step, PresentModel model) {
    Map<String, Double> named = new LinkedHashMap<>();
    view.evaluate(model, evaluation.target())
        .forEach(
            (name, value) ->
                named.put(RunHooks.EVALUATION + evaluation.name() + "/" + name, value));
    return named;
  }
}
