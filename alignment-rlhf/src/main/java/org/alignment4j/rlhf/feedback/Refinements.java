package org.alignment4j.rlhf.feedback;

import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.apiguardian.api.API;

/**
 * What became of answers with feedback.
 *
 * @param refined those with a new answer, in the order given
 * @param counts what was dropped
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Refinements(List<Refined> refined, Counts counts) {

  /** Copies the list. */
  public Refinements {
    refined = List.copyOf(refined);
  }

  /**
   * The best new answer.
   *
   * @param index where the answer was among those given
   * @param feedback the answer and what was said about it
   * @param refinement the new answer
   * @param score what it got; NaN where it was the only candidate, which needs no score
   * @param candidates new answers it was chosen from, at least 1
   */
  public record Refined(
      int index, LanguageFeedback feedback, String refinement, double score, int candidates) {}

  /**
   * What was dropped.
   *
   * @param answers answers given
   * @param withoutFeedback answers dropped since the feedback was blank
   * @param withoutRefinement answers dropped since no new answer was left
   * @param emptyRefinements new answers dropped since they were blank
   * @param unchangedRefinements new answers dropped since they were the old one
   * @param refusals new answers dropped since they were refusals
   */
  public record Counts(
      int answers,
      int withoutFeedback,
      int withoutRefinement,
      int emptyRefinements,
      int unchangedRefinements,
      int refusals) {}

  /**
   * Returns what supervised fine-tuning learns: the new answers to the prompts, without the old
   * ones and the feedback.
   *
   * @return an example for each refined answer
   */
  public List<PromptCompletion> examples() {
    return refined.stream()
        .map(r -> new PromptCompletion(r.feedback().prompt(), r.refinement()))
        .toList();
  }
}
