package org.alignment4j.eval.solve;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** A model that answers a prompt's text by a function. */
public final class ScriptedGeneration implements LanguageModel {

  private final UnaryOperator<String> script;

  /** Creates a model of a script. */
  public ScriptedGeneration(UnaryOperator<String> script) {
    this.script = script;
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return prompts.stream()
        .map(
            prompt ->
                Completion.of(
                    script.apply(((Prompt.Text) prompt).text()),
                    FinishReason.EOS,
                    Usage.ofGeneration(9, 1, Duration.ofMillis(1))))
        .toList();
  }
}
