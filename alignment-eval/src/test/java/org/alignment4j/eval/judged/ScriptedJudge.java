package org.alignment4j.eval.judged;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** A judge that compares the two fenced answers it is shown by a script. */
final class ScriptedJudge implements LanguageModel {

  /** The verdict on two answers: A, B or C. */
  @FunctionalInterface
  interface Script {
    String verdict(String request, String first, String second);
  }

  private static final Pattern FENCED =
      Pattern.compile("BEGIN ([0-9a-f]{24})\n(.*?)\nEND \\1", Pattern.DOTALL);

  final AtomicInteger calls = new AtomicInteger();
  private final String id;
  private final Script script;

  ScriptedJudge(String id, Script script) {
    this.id = id;
    this.script = script;
  }

  /** Takes the answer of the higher merit, and calls a tie where they are equal. */
  static ScriptedJudge by(String id, ToDoubleFunction<String> merit) {
    return new ScriptedJudge(
        id,
        (request, first, second) -> {
          double difference = merit.applyAsDouble(first) - merit.applyAsDouble(second);
          return difference > 0 ? "A" : difference < 0 ? "B" : "C";
        });
  }

  static ScriptedJudge always(String verdict) {
    return new ScriptedJudge("always " + verdict, (request, first, second) -> verdict);
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
      calls.incrementAndGet();
      List<String> texts = new ArrayList<>();
      Matcher matcher = FENCED.matcher(text(prompt));
      while (matcher.find()) {
        texts.add(matcher.group(2));
      }
      String verdict = script.verdict(texts.get(0), texts.get(1), texts.get(2));
      completions.add(
          Completion.of(
              "The form is [[A]] or [[B]]. My verdict: [[" + verdict + "]]",
              FinishReason.EOS,
              Usage.ofGeneration(90, 10, Duration.ofMillis(1))));
    }
    return completions;
  }

  static String text(Prompt prompt) {
    return prompt instanceof Prompt.Chat chat
        ? chat.messages().stream().map(Message::content).collect(Collectors.joining("\n"))
        : ((Prompt.Text) prompt).text();
  }
}
