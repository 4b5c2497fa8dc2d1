package org.alignment4j.eval.solve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * Lets the model answer in its own words, once or several times a sample. Immutable and
 * thread-safe.
 *
 * @param options how the answers are sampled
 * @param times answers per sample, at least 1; of one seed they are different samples
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Generation(SamplingOptions options, int times) implements Solver {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there would be no answer
   */
  public Generation {
    Objects.requireNonNull(options, "options");
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1 but was " + times);
    }
  }

  /**
   * Returns a solver that lets the model answer once.
   *
   * @param options how the answer is sampled
   * @return the solver
   */
  public static Generation once(SamplingOptions options) {
    return new Generation(options, 1);
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(LanguageModel.class);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when the model does not generate, or a prompt does not fit it
   */
  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    if (!(model instanceof LanguageModel generator)) {
      throw new IllegalArgumentException(
          "the model must generate (LanguageModel) but '"
              + model.id()
              + "' does not; run benchmarks by likelihood instead");
    }
    List<Prompt> prompts = new ArrayList<>();
    samples.forEach(sample -> prompts.addAll(Collections.nCopies(times, sample.prompt())));
    List<Completion> completions = generator.generate(prompts, options, cancellation);
    if (completions.size() != prompts.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one completion per prompt, %s, but gave %s"
              .formatted(model.id(), prompts.size(), completions.size()));
    }
    List<Answer> answers = new ArrayList<>(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      List<Completion> own = completions.subList(i * times, (i + 1) * times);
      Usage usage = own.stream().map(Completion::usage).reduce(Usage.NONE, Usage::plus);
      answers.add(new Answer(own, List.of(), usage));
    }
    return List.copyOf(answers);
  }
}
