package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * One way to answer prompts.
 *
 * @param name what reports call it
 * @param model who answers
 * @param style how prompts are put
 * @param sampling how answers are sampled; before texts in a style that is not plain, the next turn
 *     of {@link PromptStyle#HUMAN} ends an answer too
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ResponseConfiguration(
    String name, LanguageModel model, PromptStyle style, SamplingOptions sampling) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank
   */
  public ResponseConfiguration {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(sampling, "sampling");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must say something but was blank");
    }
  }

  /** Answers every prompt {@code n} times, prompt after prompt; texts stripped where asked. */
  List<SyntheticResponse> respond(
      List<? extends Prompt> prompts, int n, boolean stripped, CancellationToken cancellation) {
    List<Prompt> styled = new ArrayList<>();
    for (Prompt prompt : prompts) {
      Prompt one = style.apply(prompt);
      for (int k = 0; k < n; k++) {
        styled.add(one);
      }
    }
    List<Completion> completions = model.generate(styled, sampling(prompts), cancellation);
    if (completions.size() != styled.size()) {
      throw new ModelExecutionException(
          "configuration '%s' must answer each of %s prompts but gave %s completions"
              .formatted(name, styled.size(), completions.size()));
    }
    List<SyntheticResponse> responses = new ArrayList<>();
    for (int i = 0; i < completions.size(); i++) {
      Completion completion = completions.get(i);
      String text = stripped ? completion.text().strip() : completion.text();
      responses.add(
          new SyntheticResponse(i / n, prompts.get(i / n), name, text, completion.truncated()));
    }
    return responses;
  }

  private SamplingOptions sampling(List<? extends Prompt> prompts) {
    if (style.isPlain() || prompts.stream().noneMatch(Prompt.Text.class::isInstance)) {
      return sampling;
    }
    List<String> stops = new ArrayList<>(sampling.stopStrings());
    stops.add("\n" + PromptStyle.HUMAN);
    return sampling.toBuilder().stopStrings(stops).build();
  }
}
