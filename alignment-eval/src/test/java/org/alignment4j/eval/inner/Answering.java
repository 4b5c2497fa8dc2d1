package org.alignment4j.eval.inner;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/**
 * A model that answers by a function of the whole prompt's text.
 *
 * @param script the answer to a prompt
 */
public record Answering(Function<String, String> script) implements LanguageModel {

  @Override
  public String id() {
    return "answering";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return prompts.stream()
        .map(
            prompt ->
                Completion.of(
                    script.apply(prompt.toString()),
                    FinishReason.EOS,
                    Usage.ofGeneration(1, 1, Duration.ZERO)))
        .toList();
  }
}
