package org.alignment4j.rlhf.synthetic;

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

/**
 * For tests: goes on by a rule of the prompt and of how often it was asked before in the call. A
 * bar at the end of a text is not part of it and says that the text was cut.
 *
 * @param asked all prompts so far
 * @param seen the options of all calls so far
 */
record Ruled(
    String id,
    BiFunction<Prompt, Integer, String> rule,
    List<Prompt> asked,
    List<SamplingOptions> seen)
    implements LanguageModel {

  Ruled(BiFunction<Prompt, Integer, String> rule) {
    this("ruled", rule, new ArrayList<>(), new ArrayList<>());
  }

  /** Is asked texts alone. */
  static Ruled ofTexts(String id, BiFunction<String, Integer, String> rule) {
    return new Ruled(
        id,
        (prompt, k) -> rule.apply(((Prompt.Text) prompt).text(), k),
        new ArrayList<>(),
        new ArrayList<>());
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    asked.addAll(prompts);
    seen.add(options);
    Map<Prompt, Integer> counts = new HashMap<>();
    return prompts.stream()
        .map(p -> rule.apply(p, counts.merge(p, 1, Integer::sum) - 1))
        .map(
            text ->
                Completion.of(
                    text.replace("|", ""),
                    text.endsWith("|") ? FinishReason.LENGTH : FinishReason.EOS,
                    Usage.ofGeneration(1, 1, Duration.ZERO)))
        .toList();
  }
}
