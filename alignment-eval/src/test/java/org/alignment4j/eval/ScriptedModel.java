package org.alignment4j.eval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** Answers by a function of the prompt's text, and counts what it was asked. */
public final class ScriptedModel implements LanguageModel {
  final Map<String, Integer> asked = new ConcurrentHashMap<>();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger peak = new AtomicInteger();
  private final String id;
  private final Function<String, String> script;

  /** A model of an identity. */
  public ScriptedModel(String id, Function<String, String> script) {
    this.id = id;
    this.script = script;
  }

  /** Right on all questions whose number is not a multiple of three. */
  public static String mostlyRight(String prompt) {
    return number(prompt) % 3 == 0 ? "no" : "yes";
  }

  public static int number(String prompt) {
    return Integer.parseInt(prompt.substring(1));
  }

  /** How often it was asked. */
  public int calls() {
    return asked.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    peak.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      List<Completion> completions = new ArrayList<>();
      for (Prompt prompt : prompts) {
        cancellation.throwIfCancelled("generation");
        String text = ((Prompt.Text) prompt).text();
        asked.merge(text, 1, Integer::sum);
        completions.add(
            Completion.of(
                script.apply(text),
                FinishReason.EOS,
                Usage.ofGeneration(9, 1, Duration.ofMillis(1))));
      }
      return completions;
    } finally {
      running.decrementAndGet();
    }
  }
}
