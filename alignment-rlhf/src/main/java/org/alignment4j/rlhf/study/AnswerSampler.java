package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.journal.ResponseCache;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.jspecify.annotations.Nullable;

/** Samples answers to the prompts of a study, those that its journal lacks. Owned by one run. */
final class AnswerSampler implements AutoCloseable {

  /** Prompts of one call: what a kill loses is at most their answers. */
  private static final int PROMPTS_A_CALL = 16;

  /**
   * An answer.
   *
   * @param rollout prompt and answer
   * @param logProbs of its tokens under the model's own distribution, where they were asked for
   */
  record Answer(Rollout rollout, @Nullable LogProbs logProbs) {}

  private final StudyOptions options;
  private final StudyProgress progress;
  private final @Nullable ResponseCache cache;

  AnswerSampler(StudyOptions options, StudyProgress progress) {
    this.options = options;
    this.progress = progress;
    this.cache = options.journal() == null ? null : ResponseCache.open(options.journal());
  }

  /** How answers are sampled. */
  SamplingOptions.Builder sampling() {
    return SamplingOptions.builder(options.rollouts().maxNewTokens())
        .temperature(options.rollouts().temperature())
        .seed(options.seed());
  }

  /**
   * Samples.
   *
   * @param samples answers to each prompt
   * @return prompt by prompt
   */
  List<Answer> sample(LanguageModel model, SamplingOptions sampling, int samples) {
    LanguageModel asked = cache == null ? model : cache.caching(model);
    List<Answer> answers = new ArrayList<>();
    List<Prompt> prompts = options.prompts();
    for (int from = 0; from < prompts.size(); from += PROMPTS_A_CALL) {
      options.cancellation().throwIfCancelled("the study");
      int to = Math.min(prompts.size(), from + PROMPTS_A_CALL);
      List<Prompt> requests = new ArrayList<>();
      for (int p = from; p < to; p++) {
        requests.addAll(Collections.nCopies(samples, prompts.get(p)));
      }
      List<Completion> completions = asked.generate(requests, sampling, options.cancellation());
      for (int i = 0; i < completions.size(); i++) {
        answers.add(answer(model, from + i / samples, i % samples, completions.get(i)));
      }
      progress.add(completions.size());
    }
    return answers;
  }

  private Answer answer(LanguageModel model, int prompt, int sample, Completion completion) {
    Prompt question = options.prompts().get(prompt);
    Rollout rollout =
        new Rollout(
            prompt,
            sample,
            question,
            tokens(model, question),
            completion.text(),
            completion.tokens(),
            completion.truncated());
    return new Answer(rollout, completion.modelLogProbs());
  }

  /** The prompt's tokens; none of a model that does not disclose them. */
  private static TokenIds tokens(LanguageModel model, Prompt prompt) {
    if (!(model instanceof DecoderModel decoder)) {
      return TokenIds.empty();
    }
    return new PromptEncoder(
            decoder.architecture().config(),
            decoder.hasTokenizer() ? decoder.tokenizer() : null,
            decoder.chatTemplate())
        .prompt(prompt);
  }

  @Override
  public void close() {
    if (cache != null) {
      cache.close();
    }
  }
}
