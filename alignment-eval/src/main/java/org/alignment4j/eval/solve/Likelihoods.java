package org.alignment4j.eval.solve;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.Usage;

/** Scores the choices of samples in one call of a model, which shares prompts as it can. */
final class Likelihoods {

  private Likelihoods() {}

  /** Makes the continuation that stands for a choice of a sample. */
  @FunctionalInterface
  interface Form {
    Continuation of(Sample sample, String choice);
  }

  static List<Answer> solve(
      List<Sample> samples, Model model, Form form, CancellationToken cancellation) {
    if (!(model instanceof LikelihoodModel likelihoods)) {
      throw new IllegalArgumentException(
          "the model must give log-probabilities of continuations (LikelihoodModel) but '"
              + model.id()
              + "' does not; run benchmarks that generate instead");
    }
    List<Continuation> continuations = new ArrayList<>();
    for (Sample sample : samples) {
      if (sample.choices().isEmpty()) {
        throw new IllegalArgumentException(
            "a sample must have choices to be scored by likelihood but '"
                + sample.id()
                + "' has none");
      }
      sample.choices().forEach(choice -> continuations.add(form.of(sample, choice)));
    }
    List<ContinuationScore> scores = likelihoods.logProbabilities(continuations, cancellation);
    if (scores.size() != continuations.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one score per continuation, %s, but gave %s"
              .formatted(model.id(), continuations.size(), scores.size()));
    }
    List<Answer> answers = new ArrayList<>(samples.size());
    int at = 0;
    for (Sample sample : samples) {
      List<ContinuationScore> own = scores.subList(at, at + sample.choices().size());
      at += own.size();
      Usage usage = own.stream().map(ContinuationScore::usage).reduce(Usage.NONE, Usage::plus);
      answers.add(new Answer(List.of(), own, usage));
    }
    return List.copyOf(answers);
  }

  /**
   * The continuation of a prompt by separator and choice. Spaces at the end of the prompt go over
   * to the continuation, where most tokenizers put them: the text stays the same, but a token that
   * holds the space and the first word is then scored whole.
   */
  static Continuation continuation(Prompt prompt, String separator, String choice) {
    if (prompt instanceof Prompt.Text text) {
      String context = text.text();
      int end = context.length();
      while (end > 0 && context.charAt(end - 1) == ' ') {
        end--;
      }
      String gap = context.isEmpty() ? "" : separator;
      return Continuation.of(
          Prompt.text(context.substring(0, end)), context.substring(end) + gap + choice);
    }
    return Continuation.of(prompt, startsAMessage(prompt) ? choice : separator + choice);
  }

  private static boolean startsAMessage(Prompt prompt) {
    if (prompt instanceof Prompt.Chat chat) {
      Message last = chat.last();
      return last.role() != Role.ASSISTANT;
    }
    return false;
  }
}
