package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.TokenValues;

/**
 * What a critic is to learn from a step.
 *
 * @param old its values before the step's updates, {@code [completions][steps]}
 * @param returns what they are to be
 * @param mask the states that are learned
 */
record ValueTargets(TokenValues old, TokenValues returns, CompletionMask mask) {

  static ValueTargets of(Advantages advantages, TokenValues old) {
    return new ValueTargets(old, advantages.returns().orElseThrow(), advantages.valueMask());
  }

  /** These targets without some completions. */
  ValueTargets without(boolean[] dropped) {
    return new ValueTargets(old, returns, mask.without(dropped));
  }

  /**
   * How much of the returns' variance the values explain, {@code 1 − Var(R − V)/Var(R)}: 1 for all,
   * 0 for no more than a constant does, negative for less. 0 where returns are all equal.
   */
  double explainedVariance() {
    double[] wanted = returns.flat(mask);
    double[] given = old.flat(mask);
    double[] errors = new double[wanted.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = wanted[i] - given[i];
    }
    double variance = variance(wanted);
    return variance == 0 ? 0 : 1 - variance(errors) / variance;
  }

  private static double variance(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length == 0 ? 0 : squares / values.length;
  }
}
