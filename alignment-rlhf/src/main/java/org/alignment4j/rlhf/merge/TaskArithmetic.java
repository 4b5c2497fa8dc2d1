package org.alignment4j.rlhf.merge;

/** See {@link MergeMethod#taskArithmetic()}. */
record TaskArithmetic() implements MergeMethod {

  @Override
  public float[] merge(MergeTensor tensor) {
    check(tensor.weights());
    float[] base = tensor.requiredBase();
    double[] sum = new double[base.length];
    for (MergeTensor.Member member : tensor.members()) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += member.weight() * ((double) member.values()[i] - base[i]);
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += base[i];
    }
    return Rounding.floats(sum);
  }

  @Override
  public boolean needsBase() {
    return true;
  }

  @Override
  public void check(double[] weights) {
    MergeWeights.requireFinite(weights);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public String toString() {
    return "task arithmetic";
  }
}
