package org.alignment4j.runtime.train;

/** Numbers of one step of AdamW; computed in double, used in float32 as PyTorch does. */
final class AdamWStep {
  /** Factor on weights that decay. */
  final float decay;

  private final float scale;
  private final float beta1;
  private final float oneMinusBeta1;
  private final float beta2;
  private final float oneMinusBeta2;
  private final float rootCorrection2;
  private final float epsilon;
  private final float stepSize;

  AdamWStep(AdamWConfig config, long step, double learningRate, double scale) {
    this.decay = (float) (1 - learningRate * config.weightDecay());
    this.scale = (float) scale;
    this.beta1 = (float) config.beta1();
    this.oneMinusBeta1 = (float) (1 - config.beta1());
    this.beta2 = (float) config.beta2();
    this.oneMinusBeta2 = (float) (1 - config.beta2());
    this.rootCorrection2 = (float) Math.sqrt(1 - Math.pow(config.beta2(), step));
    this.epsilon = (float) config.epsilon();
    this.stepSize = (float) (learningRate / (1 - Math.pow(config.beta1(), step)));
  }

  void update(float[] p, float[] g, float[] m, float[] v, int length) {
    for (int i = 0; i < length; i++) {
      float gradient = g[i] * scale;
      float first = m[i] * beta1 + gradient * oneMinusBeta1;
      float second = v[i] * beta2 + gradient * gradient * oneMinusBeta2;
      float root = (float) Math.sqrt(second) / rootCorrection2 + epsilon;
      m[i] = first;
      v[i] = second;
      p[i] -= stepSize * first / root;
    }
  }
}
