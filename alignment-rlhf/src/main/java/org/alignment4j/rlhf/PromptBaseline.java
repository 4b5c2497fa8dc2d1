package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * What a prompt is worth under the policy that wrote the answers: the V_ref that A-LoL takes from
 * rewards. Immutable; two baselines are equal when they give the same values.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface PromptBaseline permits MeanBaseline, AttentionBaseline {

  /**
   * Estimates the worth of each example's prompt.
   *
   * @param reference the frozen model
   * @param examples rated answers, at least one
   * @param cancellation asks to stop
   * @return a value for each example, the same for the same prompt
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  double[] values(
      DecoderModel reference, List<RatedExample> examples, CancellationToken cancellation);

  /**
   * Returns the mean reward of a prompt's answers, which needs several answers a prompt: the
   * advantage of an only answer is 0.
   *
   * @return the baseline
   */
  static MeanBaseline promptMean() {
    return new MeanBaseline(MeanBaseline.Over.PROMPT);
  }

  /**
   * Returns the mean reward of all answers.
   *
   * @return the baseline
   */
  static MeanBaseline mean() {
    return new MeanBaseline(MeanBaseline.Over.ALL);
  }

  /**
   * Returns an attention head over the frozen model's states of the prompt, fitted to the rewards
   * for ten epochs.
   *
   * @return the baseline, that of the paper
   */
  static AttentionBaseline attention() {
    return new AttentionBaseline(10, 16, 1e-2, 0);
  }
}
