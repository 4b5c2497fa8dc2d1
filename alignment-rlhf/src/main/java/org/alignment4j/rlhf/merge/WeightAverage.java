package org.alignment4j.rlhf.merge;

import java.util.Arrays;

/** See {@link MergeMethod#average()}. */
record WeightAverage() implements MergeMethod {

  @Override
  public float[] merge(MergeTensor tensor) {
    check(tensor.weights());
    double sum = Arrays.stream(tensor.weights()).sum();
    double[] average = new double[tensor.size()];
    // A product with zero of either sign adds nothing to −0 too, so that vertices keep every bit.
    Arrays.fill(average, -0.0);
    for (MergeTensor.Member member : tensor.members()) {
      if (member.weight() != 0) {
        double share = member.weight() / sum;
        for (int i = 0; i < average.length; i++) {
          average[i] += share * member.values()[i];
        }
      }
    }
    return Rounding.floats(average);
  }

  @Override
  public boolean needsBase() {
    return false;
  }

  @Override
  public void check(double[] weights) {
    MergeWeights.requireSimplex(weights);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public String toString() {
    return "average";
  }
}
