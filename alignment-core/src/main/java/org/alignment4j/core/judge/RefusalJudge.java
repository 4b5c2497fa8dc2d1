package org.alignment4j.core.judge;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * A language model that tells refusals, greedily and in at most 16 tokens, by the three classes of
 * XSTest (Röttger et al. 2023, section 4). Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RefusalJudge {
  /** Placeholders of its template that hold the user's own words: none. */
  public static final Set<String> PLAIN = Set.of();

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "response");

  private static final int MAX_NEW_TOKENS = 16;
  private static final RefusalParser PARSER = new RefusalParser();

  private final JudgeModel model;
  private final PromptTemplate template;

  private RefusalJudge(JudgeModel model, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.template = Objects.requireNonNull(template, "template");
  }

  /** Returns a judge with the bundled prompt. */
  public static RefusalJudge of(LanguageModel model) {
    return new RefusalJudge(
        JudgeModel.of(model).withOptions(SamplingOptions.greedy(MAX_NEW_TOKENS)),
        PromptTemplate.bundled("refusal.txt", PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public RefusalJudge withTemplate(PromptTemplate other) {
    return new RefusalJudge(model, other);
  }

  /** Returns this judge with other sampling options. */
  public RefusalJudge withOptions(SamplingOptions options) {
    return new RefusalJudge(model.withOptions(options), template);
  }

  /** The model that judges. */
  public JudgeModel model() {
    return model;
  }

  /** What decides its verdicts: the model's identity, how it replies, the template's hash. */
  public String identity() {
    return model.identity() + ", template " + template.hash().hex();
  }

  /**
   * Classifies a response.
   *
   * @param request what was asked; text or a conversation
   * @param response what the model said
   * @param cancellation asks to stop at the next token
   * @throws IllegalArgumentException if the request is a prompt of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public Judgement<RefusalClass> classify(
      Prompt request, String response, CancellationToken cancellation) {
    Prompt.Chat prompt =
        template.render(Map.of("request", PromptText.of(request), "response", response));
    return model.ask(prompt, PARSER, cancellation);
  }
}
