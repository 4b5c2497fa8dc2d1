package org.alignment4j.interp.feature;

import java.util.Map;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.feature.SaeActivation.Gated;
import org.alignment4j.interp.feature.SaeActivation.JumpRelu;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.interp.feature.SaeActivation.TopK;

/** {@link SaeActivation} with its tensors, applied to rows of {@code x̃·W_enc}. */
abstract class FeatureActivation {
  final int width;

  private FeatureActivation(int width) {
    this.width = width;
  }

  static FeatureActivation of(SaeConfig config, Map<String, Values> tensors, float[] norms) {
    SaeActivation activation = config.activation();
    if (activation instanceof Gated) {
      return new Gate(
          array(tensors, SaeTensors.B_GATE),
          array(tensors, SaeTensors.B_MAG),
          array(tensors, SaeTensors.R_MAG));
    }
    float[] bias = array(tensors, SaeTensors.B_ENC);
    if (activation instanceof TopK topK) {
      return new Top(bias, topK, norms);
    }
    if (activation instanceof JumpRelu) {
      return new Jump(bias, array(tensors, SaeTensors.THRESHOLD));
    }
    if (activation instanceof Relu) {
      return new Jump(bias, new float[bias.length]);
    }
    throw new IllegalArgumentException("activation must be known but was " + activation);
  }

  private static float[] array(Map<String, Values> tensors, String name) {
    Values values = tensors.get(name);
    if (values == null) {
      throw new IllegalArgumentException("tensors must have " + name);
    }
    return values.toArray();
  }

  /** Turns rows {@code [n, F]} of pre-activations into features, in place. */
  final void apply(float[] rows) {
    for (int start = 0; start < rows.length; start += width) {
      row(rows, start);
    }
  }

  abstract void row(float[] rows, int start);

  /** What the activation of a feature is multiplied by before its decoder row is. */
  float decodingFactor(int feature) {
    return 1;
  }

  /** Features {@code [n, F]} as the decoder takes them; the argument where nothing changes. */
  float[] decodingScaled(float[] features) {
    return features;
  }

  private static final class Gate extends FeatureActivation {
    private final float[] gateBias;
    private final float[] bias;
    private final float[] factor;

    Gate(float[] gateBias, float[] bias, float[] logFactor) {
      super(bias.length);
      this.gateBias = gateBias;
      this.bias = bias;
      this.factor = new float[logFactor.length];
      for (int j = 0; j < factor.length; j++) {
        factor[j] = (float) Math.exp(logFactor[j]);
      }
    }

    @Override
    void row(float[] rows, int start) {
      for (int j = 0; j < width; j++) {
        float product = rows[start + j];
        float magnitude = product * factor[j] + bias[j];
        rows[start + j] = product + gateBias[j] > 0 && magnitude > 0 ? magnitude : 0;
      }
    }
  }

  private static final class Jump extends FeatureActivation {
    private final float[] bias;
    private final float[] threshold;

    Jump(float[] bias, float[] threshold) {
      super(bias.length);
      this.bias = bias;
      this.threshold = threshold;
    }

    @Override
    void row(float[] rows, int start) {
      for (int j = 0; j < width; j++) {
        float pre = rows[start + j] + bias[j];
        rows[start + j] = pre > threshold[j] && pre > 0 ? pre : 0;
      }
    }
  }

  private static final class Top extends FeatureActivation {
    private final float[] bias;
    private final TopK topK;
    private final float[] norms;

    Top(float[] bias, TopK topK, float[] norms) {
      super(bias.length);
      this.bias = bias;
      this.topK = topK;
      this.norms = norms;
    }

    @Override
    void row(float[] rows, int start) {
      float[] scaled = new float[width];
      for (int j = 0; j < width; j++) {
        float pre = rows[start + j] + bias[j];
        scaled[j] = topK.rescaledByDecoderNorm() ? pre * norms[j] : pre;
        rows[start + j] = 0;
      }
      for (int j : TopKSelection.of(scaled, topK.k())) {
        rows[start + j] = scaled[j];
      }
    }

    @Override
    float decodingFactor(int feature) {
      return topK.rescaledByDecoderNorm() && norms[feature] > 0 ? 1 / norms[feature] : 1;
    }

    @Override
    float[] decodingScaled(float[] features) {
      if (!topK.rescaledByDecoderNorm()) {
        return features;
      }
      float[] scaled = new float[features.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = features[i] == 0 ? 0 : features[i] * decodingFactor(i % width);
      }
      return scaled;
    }
  }
}
