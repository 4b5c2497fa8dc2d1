package org.alignment4j.interp.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.interp.feature.SaeActivation.Gated;
import org.alignment4j.interp.feature.SaeActivation.JumpRelu;
import org.apiguardian.api.API;

/**
 * What a sparse autoencoder or transcoder is, its weights apart. Immutable.
 *
 * @param inputSize length {@code d} of what it reads
 * @param outputSize length of what it predicts; {@code d} for an autoencoder
 * @param width number of features, {@code F}
 * @param activation how pre-activations become features
 * @param normalisation how what it reads is scaled
 * @param subtractsDecoderBias whether the decoder's bias is taken from the input before encoding;
 *     false for transcoders
 * @param skip whether a linear map of the input is added to what is decoded; transcoders only
 * @param site where it belongs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeConfig(
    int inputSize,
    int outputSize,
    int width,
    SaeActivation activation,
    InputNormalisation normalisation,
    boolean subtractsDecoderBias,
    boolean skip,
    SaeSite site) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a size is not positive or the parts do not fit together
   */
  public SaeConfig {
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(normalisation, "normalisation");
    requirePositive("inputSize", inputSize);
    requirePositive("outputSize", outputSize);
    requirePositive("width", width);
    if (site.target().isEmpty()) {
      if (inputSize != outputSize) {
        throw new IllegalArgumentException(
            "outputSize must be inputSize "
                + inputSize
                + " but was "
                + outputSize
                + "; only a transcoder, whose site names a target, has another");
      }
      if (skip) {
        throw new IllegalArgumentException(
            "skip must be false for an autoencoder, which would copy its input; name a target");
      }
    } else {
      requireTranscoder(subtractsDecoderBias, normalisation);
    }
    if (normalisation == InputNormalisation.LAYER_NORM && inputSize < 2) {
      throw new IllegalArgumentException(
          "layer_norm needs an inputSize of at least 2 but it was " + inputSize);
    }
  }

  private static void requireTranscoder(
      boolean subtractsDecoderBias, InputNormalisation normalisation) {
    if (subtractsDecoderBias) {
      throw new IllegalArgumentException(
          "subtractsDecoderBias must be false for a transcoder: its decoder's bias belongs to the"
              + " target, not to the input");
    }
    if (normalisation.perRow()) {
      throw new IllegalArgumentException(
          "normalisation of a transcoder must be none or expected_average_only_in but was "
              + normalisation.label()
              + ": the scale of an input row says nothing of its target");
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }

  /**
   * Returns the tensors that the weights consist of, by the names that SAELens gives them.
   *
   * @return dimensions by name, in order
   */
  public Map<String, int[]> shapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put(SaeTensors.W_ENC, new int[] {inputSize, width});
    shapes.put(SaeTensors.W_DEC, new int[] {width, outputSize});
    shapes.put(SaeTensors.B_DEC, new int[] {outputSize});
    if (activation instanceof Gated) {
      shapes.put(SaeTensors.B_GATE, new int[] {width});
      shapes.put(SaeTensors.B_MAG, new int[] {width});
      shapes.put(SaeTensors.R_MAG, new int[] {width});
    } else {
      shapes.put(SaeTensors.B_ENC, new int[] {width});
    }
    if (activation instanceof JumpRelu) {
      shapes.put(SaeTensors.THRESHOLD, new int[] {width});
    }
    if (skip) {
      shapes.put(SaeTensors.W_SKIP, new int[] {outputSize, inputSize});
    }
    return shapes;
  }

  /**
   * Returns the same with another normalisation.
   *
   * @param other the normalisation
   * @return a new configuration
   */
  public SaeConfig normalisation(InputNormalisation other) {
    return new SaeConfig(
        inputSize, outputSize, width, activation, other, subtractsDecoderBias, skip, site);
  }

  /**
   * Returns the same with another activation.
   *
   * @param other the activation
   * @return a new configuration
   */
  public SaeConfig activation(SaeActivation other) {
    return new SaeConfig(
        inputSize, outputSize, width, other, normalisation, subtractsDecoderBias, skip, site);
  }
}
