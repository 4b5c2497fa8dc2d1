package org.alignment4j.core.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** Answers by a function of the conversation, and remembers what it was asked. */
final class ScriptedModel implements LanguageModel {
  private final Function<Prompt.Chat, String> script;
  final List<Prompt.Chat> asked = new ArrayList<>();
  FinishReason finish = FinishReason.EOS;
  SamplingOptions options = SamplingOptions.greedy(1);

  ScriptedModel(Function<Prompt.Chat, String> script) {
    this.script = script;
  }

  /** Gives the replies in turn. */
  static ScriptedModel of(String... replies) {
    int[] next = {0};
    return new ScriptedModel(chat -> replies[next[0]++]);
  }

  String lastText() {
    StringBuilder text = new StringBuilder();
    for (Message message : asked.get(asked.size() - 1).messages()) {
      text.append(message.content()).append('\n');
    }
    return text.toString();
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions given, CancellationToken cancellation) {
    options = given;
    List<Completion> answers = new ArrayList<>();
    for (Prompt prompt : prompts) {
      asked.add((Prompt.Chat) prompt);
      answers.add(
          Completion.of(
              script.apply((Prompt.Chat) prompt),
              finish,
              Usage.ofGeneration(10, 5, Duration.ZERO)));
    }
    return answers;
  }
}
