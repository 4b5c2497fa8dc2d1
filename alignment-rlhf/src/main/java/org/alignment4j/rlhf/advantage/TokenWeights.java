package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * How the losses of tokens become the loss of an update, as a weight for each token: the loss is
 * the weighted sum. Weights are made once, from the mask of the whole update, so that the sum over
 * its micro-batches is the wanted mean however it is split. Sequences without a scored token count
 * neither above nor below the line. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface TokenWeights
    permits SequenceMeanWeights, TokenMeanWeights, SequenceSumWeights, ConstantLengthWeights {

  /**
   * Returns the weights of an update.
   *
   * @param mask the tokens to be learned from, of every sequence of the update
   * @return weights, shaped as the mask, 0 at tokens that are not scored; all 0 where none is
   */
  default TokenValues weights(CompletionMask mask) {
    double[] weights = new double[mask.sequences()];
    for (int s = 0; s < weights.length; s++) {
      weights[s] = mask.count(s) == 0 ? 0 : weight(mask, s);
    }
    return TokenValues.broadcast(weights, mask);
  }

  /**
   * Returns the weight of each token of a sequence.
   *
   * @param mask the tokens to be learned from
   * @param sequence index of a sequence with a scored token
   * @return the weight, positive
   */
  double weight(CompletionMask mask, int sequence);

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
