package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.RunHooks;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at while a model is trained, and whether training then ends. Immutable.
 *
 * @param evaluations with names that differ
 * @param stopping when training ends early; null never
 * @param samples completions to keep; null for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Monitoring(
    List<Evaluation> evaluations, @Nullable EarlyStopping stopping, @Nullable SampleLog samples) {

  /**
   * Copies the evaluations.
   *
   * @throws IllegalArgumentException when two have the same name
   */
  public Monitoring {
    evaluations = List.copyOf(evaluations);
    List<String> names = evaluations.stream().map(Evaluation::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("names of evaluations must differ but were " + names);
    }
  }

  /**
   * Looks at nothing.
   *
   * @return no monitoring
   */
  public static Monitoring none() {
    return new Monitoring(List.of(), null, null);
  }

  /**
   * Returns this with one more evaluation.
   *
   * @param evaluation what is measured, and when
   * @return a new monitoring
   * @throws IllegalArgumentException when another has its name
   */
  public Monitoring and(Evaluation evaluation) {
    List<Evaluation> more = new ArrayList<>(evaluations);
    more.add(evaluation);
    return new Monitoring(more, stopping, samples);
  }

  /**
   * Returns this with another rule of early stopping.
   *
   * @param rule when training ends early; null never
   * @return a new monitoring
   */
  public Monitoring withStopping(@Nullable EarlyStopping rule) {
    return new Monitoring(evaluations, rule, samples);
  }

  /**
   * Returns this with other samples.
   *
   * @param log completions to keep; null for none
   * @return a new monitoring
   */
  public Monitoring withSamples(@Nullable SampleLog log) {
    return new Monitoring(evaluations, stopping, log);
  }

  /**
   * What a run does between steps.
   *
   * @throws IllegalArgumentException when something needs another kind of model
   */
  RunHooks hooks(ModelView view, CancellationToken cancellation) {
    RunHooks hooks = RunHooks.none();
    for (Evaluation evaluation : evaluations) {
      view.require(evaluation);
      hooks = hooks.and(new EvaluationCallback(evaluation, view));
    }
    if (samples != null) {
      if (!(view instanceof ModelView.Language language)) {
        throw new IllegalArgumentException(
            "samples must be of a language model but a reward model is trained; leave them out");
      }
      hooks = hooks.and(new SampleCallback(samples, language, cancellation));
    }
    return stopping == null ? hooks : hooks.stopping(stopping);
  }
}
