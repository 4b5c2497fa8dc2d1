package org.alignment4j.rlhf;

import org.alignment4j.runtime.generate.SequenceRandom;
import org.alignment4j.runtime.train.TopLogits;

/**
 * Draws what a bad token is contrasted with: one of the model's k likeliest tokens without the bad
 * one, by their softmax (ParlAI's {@code cringe_loss.py}).
 */
final class ContrastTokens {

  private ContrastTokens() {}

  /**
   * Draws for one row.
   *
   * @param top k + 1 tokens of each row
   * @param row which row
   * @param bad the token that must not be drawn
   * @param uniform in [0, 1)
   */
  static int draw(TopLogits top, int row, int bad, double uniform) {
    int from = row * top.count();
    int to = from + top.count();
    int skipped = to - 1;
    for (int i = from; i < to; i++) {
      if (top.tokens()[i] == bad) {
        skipped = i;
      }
    }
    double most = top.logits()[skipped == from ? from + 1 : from];
    double total = 0;
    for (int i = from; i < to; i++) {
      total += i == skipped ? 0 : Math.exp(top.logits()[i] - most);
    }
    double left = uniform * total;
    int drawn = from;
    for (int i = from; i < to; i++) {
      if (i != skipped) {
        drawn = i;
        left -= Math.exp(top.logits()[i] - most);
        if (left < 0) {
          break;
        }
      }
    }
    return top.tokens()[drawn];
  }

  /**
   * The random numbers of an update, one a bad token in the order of the update. Streams of epochs,
   * which orders are drawn from, have other numbers.
   */
  static SequenceRandom random(long seed, long step) {
    return new SequenceRandom(seed, -step);
  }
}
