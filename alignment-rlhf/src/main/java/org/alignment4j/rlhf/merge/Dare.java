package org.alignment4j.rlhf.merge;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** See {@link MergeMethod#dare}. */
record Dare(double dropRate, long seed) implements MergeMethod {

  Dare {
    if (!(dropRate >= 0 && dropRate < 1)) {
      throw new IllegalArgumentException("dropRate must be in [0, 1) but was " + dropRate);
    }
  }

  @Override
  public float[] merge(MergeTensor tensor) {
    check(tensor.weights());
    float[] base = tensor.requiredBase();
    double[] sum = new double[base.length];
    for (MergeTensor.Member member : tensor.members()) {
      SplittableRandom random =
          new SplittableRandom(seed ^ hash(tensor.name() + '\n' + member.id()));
      double factor = member.weight() / (1 - dropRate);
      for (int i = 0; i < sum.length; i++) {
        if (random.nextDouble() >= dropRate) {
          sum[i] += factor * ((double) member.values()[i] - base[i]);
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += base[i];
    }
    return Rounding.floats(sum);
  }

  /** FNV-1a, 64 bits. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
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
    return false;
  }

  @Override
  public String toString() {
    return "DARE (drop rate " + dropRate + ")";
  }
}
