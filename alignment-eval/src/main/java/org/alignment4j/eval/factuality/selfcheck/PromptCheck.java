package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.factuality.OneLine;
import org.alignment4j.eval.factuality.PromptStyle;
import org.apiguardian.api.API;

/**
 * By asking whether a sample supports a sentence (Manakul et al. 2023, section 5.6): yes counts 0,
 * no 1, anything else ½, and the mean over samples is the score; how many said anything else is
 * counted beside it, and a sentence about which all did has no score. One call for each sentence
 * and sample. Immutable and as safe for concurrent calls as the model.
 *
 * @param model who is asked
 * @param style how prompts reach it
 * @param options how it is sampled
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PromptCheck(LanguageModel model, PromptStyle style, SamplingOptions options)
    implements SentenceCheck {

  private static final int MAX_NEW_TOKENS = 5;
  private static final double UNCLEAR = 0.5;

  /** Checks that nothing is missing. */
  public PromptCheck {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(options, "options");
  }

  /** Returns a check by greedy replies of at most five tokens. */
  public static PromptCheck of(LanguageModel model, PromptStyle style) {
    return new PromptCheck(model, style, SamplingOptions.greedy(MAX_NEW_TOKENS));
  }

  @Override
  public String name() {
    return "prompt";
  }

  @Override
  public String id() {
    return "prompt " + style + " " + options + " by " + model.id();
  }

  @Override
  public List<List<SentenceScore>> check(
      List<SampledPassage> passages, CancellationToken cancellation) {
    List<Prompt> prompts = new ArrayList<>();
    for (SampledPassage passage : passages) {
      for (String sentence : passage.sentences()) {
        passage.samples().forEach(sample -> prompts.add(style.prompt(question(sample, sentence))));
      }
    }
    List<Completion> replies =
        prompts.isEmpty() ? List.of() : model.generate(prompts, options, cancellation);
    if (replies.size() != prompts.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one reply per prompt, %s, but gave %s"
              .formatted(model.id(), prompts.size(), replies.size()));
    }
    return SentenceScores.regrouped(
        passages,
        replies,
        reply -> parse(reply.text()),
        Completion::usage,
        OptionalDouble.of(UNCLEAR));
  }

  static String question(String sample, String sentence) {
    return "Context: "
        + OneLine.of(sample)
        + "\n\nSentence: "
        + OneLine.of(sentence)
        + "\n\nIs the sentence supported by the context above? Answer Yes or No.\n\nAnswer: ";
  }

  /** By the letters that the reply begins with, as the authors do. */
  static OptionalDouble parse(String reply) {
    String text = reply.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("yes")) {
      return OptionalDouble.of(0);
    }
    return text.startsWith("no") ? OptionalDouble.of(1) : OptionalDouble.empty();
  }
}
