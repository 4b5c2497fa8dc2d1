package org.alignment4j.eval.solve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** Answers by a function of the prompt's text and the number of the sample of that prompt. */
public final class ScriptedGenerator implements LanguageModel {

  private final String id;
  private final BiFunction<String, Integer, String> script;
  private final List<Prompt> asked = new ArrayList<>();

  /** Creates a model of a script. */
  public ScriptedGenerator(String id, BiFunction<String, Integer, String> script) {
    this.id = id;
    this.script = script;
  }

  @Override
  public String id() {
    return id;
  }

  /** The prompts of all calls. */
  public List<Prompt> asked() {
    return asked;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    Map<Prompt, Integer> numbers = new HashMap<>();
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      asked.add(prompt);
      String text =
          prompt instanceof Prompt.Text plain
              ? plain.text()
              : ((Prompt.Chat) prompt).last().content();
      int number = numbers.merge(prompt, 1, Integer::sum) - 1;
      completions.add(
          Completion.of(
              script.apply(text, number),
              FinishReason.EOS,
              Usage.ofGeneration(5, 3, Duration.ofMillis(1))));
    }
    return completions;
  }
}
