package org.alignment4j.core.judge;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A language model that rates one answer from 1 to 10, with or without a reference answer beside it
 * (Zheng et al. 2023, section 3.1). Ratings of one answer by itself drift with judge and prompt:
 * compare figures of one judge only. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RatingJudge {
  /** Placeholders of its templates that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("criteria", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "answer");

  /** Placeholders of its template with a reference that hold text under judgement. */
  public static final Set<String> FENCED_WITH_REFERENCE = Set.of("request", "reference", "answer");

  private static final ReplyParser<Double> PARSER = ReplyParser.score(1, 10);

  private final JudgeModel model;
  private final String criteria;
  private final PromptTemplate template;
  private final PromptTemplate withReference;

  private RatingJudge(
      JudgeModel model, String criteria, PromptTemplate template, PromptTemplate withReference) {
    this.model = Objects.requireNonNull(model, "model");
    this.criteria = Objects.requireNonNull(criteria, "criteria");
    this.template = Objects.requireNonNull(template, "template");
    this.withReference = Objects.requireNonNull(withReference, "withReference");
  }

  /**
   * Returns a judge with the bundled prompts.
   *
   * @param model who judges
   * @param criteria what counts, such as {@code helpfulness and accuracy}
   */
  public static RatingJudge of(JudgeModel model, String criteria) {
    return new RatingJudge(
        model,
        criteria,
        PromptTemplate.bundled("rating.txt", PLAIN, FENCED),
        PromptTemplate.bundled("rating-reference.txt", PLAIN, FENCED_WITH_REFERENCE));
  }

  /**
   * Returns this judge with other templates.
   *
   * @param alone read with {@link #PLAIN} and {@link #FENCED}
   * @param reference read with {@link #PLAIN} and {@link #FENCED_WITH_REFERENCE}
   */
  public RatingJudge withTemplates(PromptTemplate alone, PromptTemplate reference) {
    return new RatingJudge(model, criteria, alone, reference);
  }

  /**
   * Rates an answer.
   *
   * @return the rating, 1 to 10; without one when neither reply nor repair has the form
   * @throws IllegalArgumentException if the prompt is one of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public Judgement<Double> rate(Prompt prompt, String answer, CancellationToken cancellation) {
    return model.ask(template.render(values(prompt, answer)), PARSER, cancellation);
  }

  /**
   * Rates an answer with a reference answer beside it.
   *
   * @param reference an answer that is taken as right
   * @return the rating, 1 to 10; without one when neither reply nor repair has the form
   * @throws IllegalArgumentException if the prompt is one of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public Judgement<Double> rate(
      Prompt prompt, String answer, String reference, CancellationToken cancellation) {
    Map<String, String> values = new HashMap<>(values(prompt, answer));
    values.put("reference", reference);
    return model.ask(withReference.render(values), PARSER, cancellation);
  }

  private Map<String, String> values(Prompt prompt, String answer) {
    return Map.of(
        "criteria",
        criteria,
        "form",
        PARSER.form(),
        "request",
        PromptText.of(prompt),
        "answer",
        answer);
  }
}
