package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.RunHooks;
import org.jspecify.annotations.Nullable;

/** Makes an evaluation between updates. */
record EvaluationCallback(Evaluation evaluation, ModelView view) implements LanguageCallback {

  @Override
  public String description() {
    return evaluation.toString();
  }

  @Override
  public boolean due(long step) {
    return evaluation.due(step);
  }

  @Override
  public boolean reports(String metric) {
    return metric.startsWith(prefix());
  }

  @Override
  public Map<String, Double> after(long step, PresentModel model) {
    return named(view.evaluate(model, evaluation.target()));
  }

  @Override
  public Map<String, Double> after(long step, DecoderModel model) {
    return named(((Evaluation.Target.Language) evaluation.target()).evaluator().evaluate(model));
  }

  private Map<String, Double> named(@Nullable Map<String, Double> values) {
    if (values == null) {
      throw new AlignmentException(
          evaluation
              + " must give a map of numbers but gave null; give an empty one where there is nothing"
              + " to report");
    }
    Map<String, Double> named = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (value == null) {
            throw new AlignmentException(
                evaluation + " must give numbers but '" + name + "' was null; leave it out");
          }
          named.put(prefix() + name, value);
        });
    return named;
  }

  private String prefix() {
    return RunHooks.EVALUATION + evaluation.name() + "/";
  }
}
