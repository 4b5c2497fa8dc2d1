package org.alignment4j.rlhf.merge;

/** See {@link MergeMethod#ties(double, double)}. */
record Ties(double density, double scale) implements MergeMethod {

  Ties {
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException("density must be in (0, 1] but was " + density);
    }
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale must be positive and finite but was " + scale);
    }
  }

  @Override
  public float[] merge(MergeTensor tensor) {
    check(tensor.weights());
    float[] base = tensor.requiredBase();
    int members = tensor.members().size();
    float[][] trimmed = new float[members][];
    for (int k = 0; k < members; k++) {
      trimmed[k] = trimmed(tensor.members().get(k).values(), base);
    }
    double[] weights = tensor.weights();
    float[] merged = new float[base.length];
    for (int i = 0; i < merged.length; i++) {
      double elected = 0;
      for (int k = 0; k < members; k++) {
        elected += weights[k] * trimmed[k][i];
      }
      double sum = 0;
      double agreeing = 0;
      for (int k = 0; k < members; k++) {
        if (trimmed[k][i] * elected > 0) {
          sum += weights[k] * trimmed[k][i];
          agreeing += weights[k];
        }
      }
      merged[i] = agreeing == 0 ? base[i] : (float) (base[i] + scale * sum / agreeing);
    }
    return merged;
  }

  /** A task vector with all but its largest elements set to zero. */
  private float[] trimmed(float[] values, float[] base) {
    float[] task = new float[base.length];
    for (int i = 0; i < task.length; i++) {
      task[i] = (float) ((double) values[i] - base[i]);
    }
    if (task.length == 0) {
      return task;
    }
    float least = Magnitudes.largest(task, Math.max(1, (int) (density * task.length)));
    for (int i = 0; i < task.length; i++) {
      if (Math.abs(task[i]) < least) {
        task[i] = 0;
      }
    }
    return task;
  }

  @Override
  public boolean needsBase() {
    return true;
  }

  @Override
  public void check(double[] weights) {
    MergeWeights.requireNotNegative(weights);
  }

  @Override
  public boolean linear() {
    return false;
  }

  @Override
  public String toString() {
    return "TIES (density " + density + ", scale " + scale + ")";
  }
}
