package org.alignment4j.eval.factuality;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/**
 * A model that answers by a function of the prompt's text and the number of the sample, and
 * remembers what it was asked. It costs ten prompt tokens and two of completion a call.
 */
public final class TextModel implements LanguageModel {

  private final String id;
  private final BiFunction<String, Integer, String> script;
  private final List<List<String>> calls = new ArrayList<>();

  /** Creates a model of a script. */
  public TextModel(BiFunction<String, Integer, String> script) {
    this("text", script);
  }

  private TextModel(String id, BiFunction<String, Integer, String> script) {
    this.id = id;
    this.script = script;
  }

  /** The same script as another model, such as one that is not the judge. */
  public TextModel named(String identity) {
    return new TextModel(identity, script);
  }

  /** Returns a model that answers every sample of a prompt alike. */
  public static TextModel of(UnaryOperator<String> script) {
    return new TextModel((prompt, sample) -> script.apply(prompt));
  }

  /** The prompts of each call. */
  public List<List<String>> calls() {
    return calls;
  }

  /** Number of prompts answered. */
  public int answered() {
    return calls.stream().mapToInt(List::size).sum();
  }

  @Override
  public String id() {
    return id;
  }

  /** A prompt as text. */
  public static String text(Prompt prompt) {
    return prompt instanceof Prompt.Chat chat
        ? chat.messages().stream().map(Message::content).collect(Collectors.joining("\n"))
        : ((Prompt.Text) prompt).text();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    cancellation.throwIfCancelled("generation");
    calls.add(prompts.stream().map(TextModel::text).toList());
    Map<String, Integer> times = new HashMap<>();
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      String text = text(prompt);
      int sample = times.merge(text, 1, Integer::sum) - 1;
      completions.add(
          Completion.of(
              script.apply(text, sample),
              FinishReason.EOS,
              Usage.ofGeneration(10, 2, Duration.ofMillis(1))));
    }
    return completions;
  }
}
