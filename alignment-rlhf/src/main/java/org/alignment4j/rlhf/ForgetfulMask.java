package org.alignment4j.rlhf;

import java.util.SplittableRandom;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.MicroBatch;

/**
 * Hides random past tokens from each token, so that a model does not learn to copy (forgetful
 * causal masking, Liu et al. 2022, arXiv 2210.13432; used by Chain of Hindsight, arXiv 2302.02676):
 * of each row a share is drawn between 0 and the most, and each past token is hidden from each
 * later one with that probability. A token always sees itself and the first of its sequence.
 *
 * @param most largest share, in [0, 1); 0 hides nothing
 */
record ForgetfulMask(double most) {

  static final ForgetfulMask NONE = new ForgetfulMask(0);

  ForgetfulMask {
    if (!(most >= 0 && most < 1)) {
      throw new IllegalArgumentException("most must be in [0, 1) but was " + most);
    }
  }

  /** The micro-batch with tokens hidden; itself where there are none to hide. */
  MicroBatch apply(MicroBatch batch, SplittableRandom random) {
    if (most == 0) {
      return batch;
    }
    TokenBatch tokens = (TokenBatch) batch.tokens();
    float[] mask = tokens.mask().clone();
    int seq = tokens.seq();
    for (int row = 0; row < tokens.batch(); row++) {
      double share = most * random.nextDouble();
      for (int query = 0; query < seq; query++) {
        hide(mask, (row * seq + query) * seq, query, share, random);
      }
    }
    return new MicroBatch(
        new TokenBatch(tokens.batch(), seq, tokens.tokens(), tokens.positions(), mask),
        batch.rows(),
        batch.labels(),
        batch.inputs());
  }

  private static void hide(
      float[] mask, int from, int query, double share, SplittableRandom random) {
    boolean first = true;
    for (int key = 0; key < query; key++) {
      if (mask[from + key] == TokenBatch.MASKED) {
        continue;
      }
      if (!first && random.nextDouble() < share) {
        mask[from + key] = TokenBatch.MASKED;
      }
      first = false;
    }
  }
}
