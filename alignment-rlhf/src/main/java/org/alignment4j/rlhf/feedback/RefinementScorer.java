package org.alignment4j.rlhf.feedback;

import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/** Says how well new answers work feedback in. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RefinementScorer {

  /**
   * Returns what the scores depend on, under which they are kept.
   *
   * @return a text that differs where scores may differ
   */
  String id();

  /**
   * Scores new answers.
   *
   * @param feedback the answer with feedback
   * @param refinements new answers, at least one
   * @param cancellation asks to stop
   * @return a score for each, the higher the better
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  double[] score(
      LanguageFeedback feedback, List<String> refinements, CancellationToken cancellation);

  /**
   * Returns InstructRM (Scheurer et al. 2023, arXiv 2303.16755): the mean over the wordings of
   * {@link IlfPrompts#verification} of {@code P(yes)/(P(yes) + P(no)) = σ(log p_yes − log p_no)}.
   *
   * @param model judges
   * @param prompts ask it
   * @return the scorer, of scores from 0 to 1; it takes " Yes" and " No" for answers
   */
  static RefinementScorer instructRm(LikelihoodModel model, IlfPrompts prompts) {
    return new InstructRm(model, prompts, " Yes", " No");
  }

  /**
   * Returns a reward model's scores of the new answers, whatever the feedback.
   *
   * @param rewards scores
   * @return the scorer
   */
  static RefinementScorer rewards(RewardModel rewards) {
    return new RewardScorer(rewards);
  }

  /**
   * Returns the cosine of the embeddings of feedback and new answer (Scheurer et al. 2022, arXiv
   * 2204.14146).
   *
   * @param id name of the embedding, under which scores are kept
   * @param embedding gives vectors of one length, not all zero
   * @return the scorer, of scores from -1 to 1
   */
  static RefinementScorer cosine(String id, Function<String, double[]> embedding) {
    return new CosineScorer(id, embedding);
  }
}
