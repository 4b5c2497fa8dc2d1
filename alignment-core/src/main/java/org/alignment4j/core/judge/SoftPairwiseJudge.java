package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.apiguardian.api.API;

/**
 * A model that compares two answers by the probabilities of A and B, each pair in both orders,
 * whose mean is the label (Lee et al. 2023; position bias: Zheng et al. 2023). Unlike {@link
 * PairwiseJudge}, which turns orders that disagree into a tie, it keeps how sure the judge is in
 * each. Two evaluations a pair. Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SoftPairwiseJudge implements PreferenceLabeler {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = PairwiseJudge.PLAIN;

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = PairwiseJudge.FENCED;

  private static final List<String> LABELS =
      List.of(SoftPairwiseJudgement.FIRST_SHOWN, SoftPairwiseJudgement.SECOND_SHOWN);

  private final SoftJudgeModel model;
  private final String criteria;
  private final PromptTemplate template;

  private SoftPairwiseJudge(SoftJudgeModel model, String criteria, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.criteria = Objects.requireNonNull(criteria, "criteria");
    this.template = Objects.requireNonNull(template, "template");
  }

  /**
   * Returns a judge with the bundled prompt.
   *
   * @param model who judges
   * @param criteria what counts, such as {@code helpfulness and accuracy}
   */
  public static SoftPairwiseJudge of(SoftJudgeModel model, String criteria) {
    return new SoftPairwiseJudge(
        model, criteria, PromptTemplate.bundled("pairwise-label.txt", PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public SoftPairwiseJudge withTemplate(PromptTemplate other) {
    return new SoftPairwiseJudge(model, criteria, other);
  }

  /**
   * Compares two answers in both orders.
   *
   * @throws IllegalArgumentException if the request is a prompt of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public SoftPairwiseJudgement compare(Comparison comparison, CancellationToken cancellation) {
    String request = PromptText.of(comparison.prompt());
    List<Judgement<SoftVerdict>> orders =
        model.ask(
            List.of(
                prompt(request, comparison.first(), comparison.second()),
                prompt(request, comparison.second(), comparison.first())),
            LABELS,
            cancellation);
    return new SoftPairwiseJudgement(orders.get(0), orders.get(1));
  }

  private Prompt.Chat prompt(String request, String first, String second) {
    return template.render(
        Map.of(
            "criteria", criteria,
            "form", SoftJudgeModel.form(LABELS),
            "request", request,
            "first", first,
            "second", second));
  }

  /**
   * See {@link PreferenceLabeler}: the mean over both orders; empty when the labels are too
   * unlikely in one of them (see {@link SoftJudgeModel#withMinMass}).
   */
  @Override
  public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation) {
    List<OptionalDouble> labels = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      cancellation.throwIfCancelled("labelling");
      labels.add(compare(comparison, cancellation).firstIsBetter());
    }
    return labels;
  }
}
