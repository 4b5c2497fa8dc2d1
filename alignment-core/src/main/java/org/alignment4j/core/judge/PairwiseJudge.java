package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.apiguardian.api.API;

/**
 * A language model that compares two answers, each pair in both orders (Zheng et al. 2023), at two
 * calls a pair, four when both replies need a repair. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PairwiseJudge implements PreferenceLabeler {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("criteria", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "first", "second");

  /** Placeholders of its template with a reference that hold text under judgement. */
  public static final Set<String> FENCED_WITH_REFERENCE =
      Set.of("request", "reference", "first", "second");

  private static final ReplyParser<Preference> PARSER =
      ReplyParser.choice(List.of("A", "B", "C"))
          .then(
              label ->
                  new Parsed.Value<>(
                      switch (label) {
                        case "A" -> Preference.FIRST;
                        case "B" -> Preference.SECOND;
                        default -> Preference.TIE;
                      }));

  private final JudgeModel model;
  private final String criteria;
  private final PromptTemplate template;
  private final PromptTemplate withReference;

  private PairwiseJudge(
      JudgeModel model, String criteria, PromptTemplate template, PromptTemplate withReference) {
    this.model = Objects.requireNonNull(model, "model");
    this.criteria = Objects.requireNonNull(criteria, "criteria");
    this.template = Objects.requireNonNull(template, "template");
    this.withReference = Objects.requireNonNull(withReference, "withReference");
  }

  /**
   * Returns a judge with the bundled prompt.
   *
   * @param model who judges
   * @param criteria what counts, such as {@code helpfulness and accuracy}
   */
  public static PairwiseJudge of(JudgeModel model, String criteria) {
    return new PairwiseJudge(
        model,
        criteria,
        PromptTemplate.bundled("pairwise.txt", PLAIN, FENCED),
        PromptTemplate.bundled("pairwise-reference.txt", PLAIN, FENCED_WITH_REFERENCE));
  }

  /** The model that judges. */
  JudgeModel model() {
    return model;
  }

  PairwiseJudge withModel(JudgeModel other) {
    return new PairwiseJudge(other, criteria, template, withReference);
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public PairwiseJudge withTemplate(PromptTemplate other) {
    return new PairwiseJudge(model, criteria, other, withReference);
  }

  /**
   * Returns this judge with another template for comparisons with a reference, read with {@link
   * #PLAIN} and {@link #FENCED_WITH_REFERENCE}.
   */
  public PairwiseJudge withReferenceTemplate(PromptTemplate other) {
    return new PairwiseJudge(model, criteria, template, other);
  }

  /**
   * Compares two answers in both orders.
   *
   * @throws IllegalArgumentException if the request is a prompt of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public PairwiseJudgement compare(Comparison comparison, CancellationToken cancellation) {
    return compare(template, Map.of(), comparison, cancellation);
  }

  /**
   * Compares two answers in both orders with a reference answer beside them, for questions that a
   * judge would get wrong itself, such as in mathematics (Zheng et al. 2023, section 3.4).
   *
   * @param reference an answer that is taken as right
   * @throws IllegalArgumentException if the request is a prompt of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public PairwiseJudgement compare(
      Comparison comparison, String reference, CancellationToken cancellation) {
    return compare(withReference, Map.of("reference", reference), comparison, cancellation);
  }

  private PairwiseJudgement compare(
      PromptTemplate asked,
      Map<String, String> beside,
      Comparison comparison,
      CancellationToken cancellation) {
    Map<String, String> values = new HashMap<>(beside);
    values.put("criteria", criteria);
    values.put("form", PARSER.form());
    values.put("request", PromptText.of(comparison.prompt()));
    return new PairwiseJudgement(
        ask(asked, values, comparison.first(), comparison.second(), cancellation),
        ask(asked, values, comparison.second(), comparison.first(), cancellation));
  }

  private Judgement<Preference> ask(
      PromptTemplate asked,
      Map<String, String> values,
      String first,
      String second,
      CancellationToken cancellation) {
    Map<String, String> all = new HashMap<>(values);
    all.put("first", first);
    all.put("second", second);
    return model.ask(asked.render(all), PARSER, cancellation);
  }

  /** See {@link PreferenceLabeler}; a tie and orders that disagree are one half. */
  @Override
  public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation) {
    List<OptionalDouble> labels = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      cancellation.throwIfCancelled("labelling");
      labels.add(
          compare(comparison, cancellation)
              .preference()
              .map(
                  preference ->
                      OptionalDouble.of(
                          switch (preference) {
                            case FIRST -> 1;
                            case SECOND -> 0;
                            case TIE -> 0.5;
                          }))
              .orElse(OptionalDouble.empty()));
    }
    return labels;
  }
}
