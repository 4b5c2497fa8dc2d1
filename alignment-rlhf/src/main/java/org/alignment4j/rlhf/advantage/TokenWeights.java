package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * How the losses of tokens become the loss of an update, as a weight for each token: the loss is
 * the weighted sum. Weights are made once, from the mask of the whole update, so that the sum over
 * its micro-batches is the wanted mean however it is split. Sequences without a scored token count
 * neither above nor below the line, nor do prompts without one. Immutable and thread-safe.
 *
 * <p>References disagree on what the tokens of an update are divided by. The mean over those of a
 * micro-batch, then over micro-batches (BNPO, TRL's {@code loss_type="bnpo"}), is not offered: its
 * loss depends on how memory had the update split. With one micro-batch an update it is {@link
 * #tokenMean()}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface TokenWeights
    permits SequenceMeanWeights,
        TokenMeanWeights,
        PromptMeanWeights,
        SequenceSumWeights,
        ConstantLengthWeights {

  /**
   * Returns the weights of an update.
   *
   * @param mask the tokens to be learned from, of every sequence of the update
   * @param groups which sequences answer the same prompt
   * @return weights, shaped as the mask, 0 at tokens that are not scored; all 0 where none is
   * @throws IllegalArgumentException when the numbers of sequences differ
   */
  default TokenValues weights(CompletionMask mask, Groups groups) {
    Shapes.requireSequences("groups", groups.sequences(), mask);
    double[] weights = new double[mask.sequences()];
    for (int s = 0; s < weights.length; s++) {
      weights[s] = mask.count(s) == 0 ? 0 : weight(mask, groups, s);
    }
    return TokenValues.broadcast(weights, mask);
  }

  /**
   * Returns the weights of an update whose sequences answer a prompt each.
   *
   * @param mask the tokens to be learned from, of every sequence of the update
   * @return weights, shaped as the mask, 0 at tokens that are not scored; all 0 where none is
   */
  default TokenValues weights(CompletionMask mask) {
    return weights(mask, Groups.consecutive(mask.sequences(), 1));
  }

  /**
   * Returns the weight of each token of a sequence.
   *
   * @param mask the tokens to be learned from
   * @param groups which sequences answer the same prompt
   * @param sequence index of a sequence with a scored token
   * @return the weight, positive
   */
  double weight(CompletionMask mask, Groups groups, int sequence);

  /**
   * Returns the mean over sequences of the mean over their tokens: GRPO, GSPO, RLOO with the ratio
   * of sequences.
   *
   * @return weights {@code 1/(n·len)}
   */
  static TokenWeights sequenceMean() {
    return new SequenceMeanWeights();
  }

  /**
   * Returns the mean over all tokens of the update: DAPO, CISPO, PPO.
   *
   * @return weights {@code 1/Σ len}
   */
  static TokenWeights tokenMean() {
    return new TokenMeanWeights();
  }

  /**
   * Returns the mean over prompts of the mean over all tokens of their completions (TRL, issue
   * 5375): a token of a long completion counts as much as others to its prompt, and each prompt as
   * much as another however long its completions are.
   *
   * @return weights {@code 1/(prompts·Σ len of the prompt's completions)}
   */
  static TokenWeights promptMean() {
    return new PromptMeanWeights();
  }

  /**
   * Returns the mean over sequences of the sum over their tokens: REINFORCE, A-LoL.
   *
   * @return weights {@code 1/n}
   */
  static TokenWeights sequenceSum() {
    return new SequenceSumWeights();
  }

  /**
   * Returns the sum over tokens over a constant length a sequence: Dr.GRPO.
   *
   * @param length tokens a completion may have at most, from 1
   * @return weights {@code 1/(n·length)}
   * @throws IllegalArgumentException when the length is too small
   */
  static TokenWeights constantLength(int length) {
    return new ConstantLengthWeights(length);
  }
}
