package org.alignment4j.interp.feature;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.hook.Values;

/** Moves factors from the inputs or the decoder into the other weights, predictions unchanged. */
final class SaeFolding {
  private SaeFolding() {}

  static SparseAutoencoder decoderNorm(SparseAutoencoder sae) {
    if (!sae.keepsFeaturesWhenFolded()) {
      throw new IllegalStateException(
          "the decoder's norms must not be folded into a TopK encoder that is not rescaled by them,"
              + " since it would keep other features; train it with rescaling to compare norms");
    }
    float[] norms = sae.decoderNorms();
    for (int j = 0; j < norms.length; j++) {
      norms[j] = norms[j] == 0 ? 1 : norms[j];
    }
    Map<String, Values> tensors = new LinkedHashMap<>(sae.tensors());
    float[] decoder = sae.array(SaeTensors.W_DEC);
    int size = sae.config().outputSize();
    for (int i = 0; i < decoder.length; i++) {
      decoder[i] /= norms[i / size];
    }
    put(tensors, SaeTensors.W_DEC, decoder);
    float[] encoder = sae.array(SaeTensors.W_ENC);
    for (int i = 0; i < encoder.length; i++) {
      encoder[i] *= norms[i % norms.length];
    }
    put(tensors, SaeTensors.W_ENC, encoder);
    for (String name :
        List.of(SaeTensors.B_ENC, SaeTensors.B_GATE, SaeTensors.B_MAG, SaeTensors.THRESHOLD)) {
      if (tensors.containsKey(name)) {
        float[] vector = sae.array(name);
        for (int j = 0; j < vector.length; j++) {
          vector[j] *= norms[j];
        }
        put(tensors, name, vector);
      }
    }
    return SparseAutoencoder.of(sae.config(), tensors);
  }

  static SparseAutoencoder inputScale(SparseAutoencoder sae, double scale) {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale must be positive and finite but was " + scale);
    }
    SaeConfig config = sae.config();
    if (config.normalisation().perRow()) {
      throw new IllegalArgumentException(
          "normalisation must scale all inputs alike to be folded but was "
              + config.normalisation().label());
    }
    Map<String, Values> tensors = new LinkedHashMap<>(sae.tensors());
    scale(sae, tensors, SaeTensors.W_ENC, scale);
    if (config.site().target().isEmpty()) {
      scale(sae, tensors, SaeTensors.W_DEC, 1 / scale);
      scale(sae, tensors, SaeTensors.B_DEC, 1 / scale);
    } else if (config.skip()) {
      scale(sae, tensors, SaeTensors.W_SKIP, scale);
    }
    return SparseAutoencoder.of(config.normalisation(InputNormalisation.NONE), tensors);
  }

  private static void scale(
      SparseAutoencoder sae, Map<String, Values> tensors, String name, double factor) {
    float[] values = sae.array(name);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
    put(tensors, name, values);
  }

  private static void put(Map<String, Values> tensors, String name, float[] data) {
    Values before = tensors.get(name);
    if (before == null) {
      throw new IllegalArgumentException("tensors must have " + name);
    }
    tensors.put(name, Values.of(before.shape(), data));
  }
}
