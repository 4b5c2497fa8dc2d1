package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/** Two turns of a conversation, at the temperature of the question's category. */
record MtBenchSolver(MtBenchOptions options) implements Solver {

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(LanguageModel.class);
  }

  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    if (!(model instanceof LanguageModel language)) {
      throw new IllegalArgumentException(
          "the model must generate (LanguageModel) but '" + model.id() + "' does not");
    }
    Map<Double, List<Integer>> byTemperature = new TreeMap<>();
    for (int i = 0; i < samples.size(); i++) {
      byTemperature
          .computeIfAbsent(MtBenchQuestion.temperature(samples.get(i)), t -> new ArrayList<>())
          .add(i);
    }
    Answer[] answers = new Answer[samples.size()];
    byTemperature.forEach(
        (temperature, places) -> {
          List<Prompt.Chat> prompts =
              places.stream().map(place -> (Prompt.Chat) samples.get(place).prompt()).toList();
          SamplingOptions sampling = options.sampling(temperature);
          List<Completion> first = generate(language, prompts, sampling, cancellation);
          List<Prompt.Chat> second = new ArrayList<>();
          for (int i = 0; i < prompts.size(); i++) {
            String next = MtBenchQuestion.turn(samples.get(places.get(i)), 1);
            second.add(
                prompts
                    .get(i)
                    .with(Message.assistant(first.get(i).text().strip()))
                    .with(Message.user(next)));
          }
          List<Completion> last = generate(language, second, sampling, cancellation);
          for (int i = 0; i < prompts.size(); i++) {
            Completion one = first.get(i);
            Completion two = last.get(i);
            answers[places.get(i)] =
                new Answer(List.of(one, two), List.of(), one.usage().plus(two.usage()));
          }
        });
    return List.of(answers);
  }

  private static List<Completion> generate(
      LanguageModel model,
      List<Prompt.Chat> prompts,
      SamplingOptions options,
      CancellationToken cancellation) {
    List<Completion> completions = model.generate(prompts, options, cancellation);
    if (completions.size() != prompts.size()) {
      throw new ModelExecutionException(
          "model '"
              + model.id()
              + "' must give one completion per prompt, "
              + prompts.size()
              + ", but gave "
              + completions.size());
    }
    return completions;
  }
}
