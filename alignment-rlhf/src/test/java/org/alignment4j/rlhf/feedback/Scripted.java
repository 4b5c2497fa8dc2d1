package org.alignment4j.rlhf.feedback;

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

/** Answers by a function of the prompt and the number of the sample, and counts its prompts. */
public final class Scripted implements LanguageModel {
  private final BiFunction<String, Integer, String> answers;
  private int asked;

  public Scripted(BiFunction<String, Integer, String> answers) {
    this.answers = answers;
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    cancellation.throwIfCancelled("answering");
    Map<String, Integer> seen = new HashMap<>();
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      String text = ((Prompt.Text) prompt).text();
      int sample = seen.merge(text, 1, Integer::sum) - 1;
      completions.add(Completion.of(answers.apply(text, sample), FinishReason.EOS, Usage.NONE));
      asked++;
    }
    return completions;
  }

  /** Prompts it was asked. */
  int asked() {
    return asked;
  }
}
