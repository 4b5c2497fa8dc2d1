package org.alignment4j.rlhf.merge;

import java.util.List;

/** See {@link MergeMethod#slerp()}. */
record Slerp() implements MergeMethod {

  private static final double NEARLY_PARALLEL = 0.9995;

  @Override
  public float[] merge(MergeTensor tensor) {
    check(tensor.weights());
    List<MergeTensor.Member> members =
        tensor.members().stream().filter(m -> m.weight() != 0).toList();
    float[] first = members.get(0).values();
    if (members.size() == 1) {
      return first.clone();
    }
    float[] second = members.get(1).values();
    double sum = members.get(0).weight() + members.get(1).weight();
    double one = members.get(0).weight() / sum;
    double two = members.get(1).weight() / sum;
    double cosine = cosine(first, second);
    if (Math.abs(cosine) <= NEARLY_PARALLEL) {
      double angle = Math.acos(cosine);
      one = Math.sin(one * angle) / Math.sin(angle);
      two = Math.sin(two * angle) / Math.sin(angle);
    }
    double[] merged = new double[first.length];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = one * first[i] + two * second[i];
    }
    return Rounding.floats(merged);
  }

  /** The cosine of the angle between two vectors; 1 where one of them has no direction. */
  private static double cosine(float[] first, float[] second) {
    double product = 0;
    double ofFirst = 0;
    double ofSecond = 0;
    for (int i = 0; i < first.length; i++) {
      product += (double) first[i] * second[i];
      ofFirst += (double) first[i] * first[i];
      ofSecond += (double) second[i] * second[i];
    }
    double norms = Math.sqrt(ofFirst) * Math.sqrt(ofSecond);
    return norms == 0 ? 1 : product / norms;
  }

  @Override
  public boolean needsBase() {
    return false;
  }

  @Override
  public void check(double[] weights) {
    MergeWeights.requireSimplex(weights);
    if (weights.length > 2) {
      throw new IllegalArgumentException(
          "spherical interpolation is of two models but there are "
              + weights.length
              + "; average them instead");
    }
  }

  @Override
  public boolean linear() {
    return false;
  }

  @Override
  public String toString() {
    return "SLERP";
  }
}
