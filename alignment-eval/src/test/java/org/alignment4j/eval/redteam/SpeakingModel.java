package org.alignment4j.eval.redteam;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** A model that answers by a script, and remembers what it was asked. */
public final class SpeakingModel implements LanguageModel {
  private final String id;
  private final Function<Prompt, String> script;
  private final List<Prompt> asked = new ArrayList<>();
  private final List<SamplingOptions> sampling = new ArrayList<>();

  /** Creates a model of a script. */
  public SpeakingModel(String id, Function<Prompt, String> script) {
    this.id = id;
    this.script = script;
  }

  /** A model that answers the last message, or the text. */
  public static SpeakingModel ofText(String id, Function<String, String> script) {
    return new SpeakingModel(id, prompt -> script.apply(last(prompt)));
  }

  /** The last message, or the text. */
  public static String last(Prompt prompt) {
    return prompt instanceof Prompt.Chat chat
        ? chat.last().content()
        : ((Prompt.Text) prompt).text();
  }

  /** The prompts, in order. */
  public List<Prompt> asked() {
    return asked;
  }

  /** The options of each call. */
  public List<SamplingOptions> sampling() {
    return sampling;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    cancellation.throwIfCancelled("generation");
    sampling.add(options);
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      asked.add(prompt);
      completions.add(
          Completion.of(
              script.apply(prompt),
              FinishReason.EOS,
              Usage.ofGeneration(10, 2, Duration.ofMillis(1))));
    }
    return completions;
  }
}
