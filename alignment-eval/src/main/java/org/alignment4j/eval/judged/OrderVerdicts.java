package org.alignment4j.eval.judged;

/**
 * What a judge made of two answers in both orders. Each verdict is about the answer that was shown
 * first: 1 when it is better, 0 when the other is, ½ for a tie, or its probability; NaN for none.
 *
 * @param given with the first answer shown first
 * @param swapped with the second answer shown first
 * @param soft whether the verdicts are probabilities
 */
record OrderVerdicts(double given, double swapped, boolean soft) {
  private static final double EVEN = 0.5;

  /** Whether both orders have a verdict. */
  boolean complete() {
    return !Double.isNaN(given) && !Double.isNaN(swapped);
  }

  /**
   * The first answer's share of the win: where both orders agree 1, 0 or ½, where they differ ½, a
   * tie (Zheng et al. 2023, section 3.4); the mean of probabilities (Lee et al. 2023).
   */
  double firstWins() {
    if (soft) {
      return (given + 1 - swapped) / 2;
    }
    return given == 1 - swapped ? given : EVEN;
  }

  /** Whether both orders prefer the same answer, or none. */
  boolean consistent() {
    return lean(given) == -lean(swapped);
  }

  /** In which share of the orders the answer shown first is preferred; a tie is half. */
  double firstShown() {
    return (2 + lean(given) + lean(swapped)) / 4.0;
  }

  /** In which share of the orders one answer is preferred; a tie prefers neither. */
  double picks(boolean first) {
    int side = first ? 1 : -1;
    return ((lean(given) == side ? 1 : 0) + (lean(swapped) == -side ? 1 : 0)) / 2.0;
  }

  private static int lean(double verdict) {
    return Double.compare(verdict, EVEN);
  }
}
