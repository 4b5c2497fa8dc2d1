package org.alignment4j.langchain4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamedToken;
import org.alignment4j.api.model.StreamingLanguageModel;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Usage;

/** A model that answers by a rule, in words, and remembers what it was asked. */
final class ScriptedModel implements StreamingLanguageModel {
  final List<Prompt> prompts = new CopyOnWriteArrayList<>();
  final List<SamplingOptions> options = new CopyOnWriteArrayList<>();
  private final Function<String, String> rule;

  ScriptedModel(Function<String, String> rule) {
    this.rule = rule;
  }

  /** Gives its replies one after the other, the last one for ever. */
  static ScriptedModel saying(String... replies) {
    List<String> left = new ArrayList<>(List.of(replies));
    return new ScriptedModel(prompt -> left.size() > 1 ? left.remove(0) : left.get(0));
  }

  static ScriptedModel failing(RuntimeException failure) {
    return new ScriptedModel(
        prompt -> {
          throw failure;
        });
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> asked, SamplingOptions sampling, CancellationToken cancellation) {
    return stream(asked, sampling, token -> {}, cancellation);
  }

  @Override
  public List<Completion> stream(
      List<? extends Prompt> asked,
      SamplingOptions sampling,
      TokenListener listener,
      CancellationToken cancellation) {
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : asked) {
      prompts.add(prompt);
      options.add(sampling);
      String reply = rule.apply(((Prompt.Chat) prompt).last().content());
      int index = 0;
      for (String word : reply.split("(?<= )")) {
        cancellation.throwIfCancelled("generation");
        listener.onToken(token(index++, word));
        listener.onToken(token(index++, ""));
      }
      completions.add(
          Completion.of(
              reply, FinishReason.EOS, new Usage(1, 10, 0, 5, 0, 0, Duration.ofMillis(3))));
    }
    return completions;
  }

  private static StreamedToken token(int index, String text) {
    return new StreamedToken(0, index, OptionalInt.empty(), text, OptionalDouble.empty());
  }
}
