package org.alignment4j.oversight;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** A model that answers by a rule and remembers what it was asked. */
public final class ScriptedModel implements LanguageModel {
  private final Rule rule;
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  /** Answers a prompt, given as its whole text. */
  @FunctionalInterface
  public interface Rule {
    String answer(String prompt, long seed, int draw);
  }

  /** What it was asked. */
  public record Call(String prompt, SamplingOptions options) {}

  private ScriptedModel(Rule rule) {
    this.rule = rule;
  }

  public static ScriptedModel of(Rule rule) {
    return new ScriptedModel(rule);
  }

  /** Gives its replies one after the other, the last one for ever. */
  public static ScriptedModel saying(String... replies) {
    List<String> left = new ArrayList<>(List.of(replies));
    return new ScriptedModel(
        (prompt, seed, draw) -> {
          synchronized (left) {
            return left.size() > 1 ? left.remove(0) : left.get(0);
          }
        });
  }

  public List<Call> calls() {
    return calls;
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Completion> completions = new ArrayList<>();
    for (int draw = 0; draw < prompts.size(); draw++) {
      String prompt = text(prompts.get(draw));
      calls.add(new Call(prompt, options));
      String reply = rule.answer(prompt, options.seed().orElse(0), draw);
      completions.add(
          Completion.of(
              reply, FinishReason.EOS, new Usage(1, 10, 0, 5, 0, 0, Duration.ofMillis(3))));
    }
    return completions;
  }

  private static String text(Prompt prompt) {
    if (prompt instanceof Prompt.Chat chat) {
      StringBuilder text = new StringBuilder();
      for (Message message : chat.messages()) {
        text.append(message.role().label()).append(": ").append(message.content()).append('\n');
      }
      return text.toString();
    }
    return ((Prompt.Text) prompt).text();
  }
}
