package org.alignment4j.eval.judged;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** Answers by a function of the whole prompt, and remembers what it was asked and how. */
final class TalkingModel implements LanguageModel {
  record Asked(Prompt prompt, SamplingOptions options) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final String id;
  private final Function<Prompt, String> script;

  TalkingModel(String id, Function<Prompt, String> script) {
    this.id = id;
    this.script = script;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      asked.add(new Asked(prompt, options));
      completions.add(
          Completion.of(
              script.apply(prompt),
              FinishReason.EOS,
              Usage.ofGeneration(20, 5, Duration.ofMillis(1))));
    }
    return completions;
  }
}
