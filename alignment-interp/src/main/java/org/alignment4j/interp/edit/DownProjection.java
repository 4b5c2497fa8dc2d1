package org.alignment4j.interp.edit;

import java.nio.FloatBuffer;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * The last linear map of a layer's MLP as a linear associative memory: {@code v = W k}, {@code k
 * [dMlp]} the neurons after activation and gating, {@code v [dModel]} without bias (Geva et al.
 * 2021; Meng et al. 2022, section 3.1), whichever way the checkpoint lays it out. Immutable and
 * thread-safe while its model is open.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DownProjection {

  private final WeightTensor weight;
  private final boolean keysFirst;
  private final int keys;
  private final int values;

  private DownProjection(WeightTensor weight, boolean keysFirst, int keys, int values) {
    this.weight = weight;
    this.keysFirst = keysFirst;
    this.keys = keys;
    this.values = values;
  }

  /**
   * The map of a layer.
   *
   * @param model float32, without adapter
   * @param layer the layer, from 0
   * @return the map
   * @throws IllegalArgumentException when the model has no such layer, or several MLPs in each
   * @throws IllegalStateException when the weight is quantised or the model has an adapter
   */
  public static DownProjection of(DecoderModel model, int layer) {
    DecoderConfig config = model.architecture().config();
    if (layer < 0 || layer >= config.layers()) {
      throw new IllegalArgumentException(
          "layer must be in [0, " + (config.layers() - 1) + "] but was " + layer);
    }
    if (config.variations().experts() != null) {
      throw new IllegalArgumentException(
          "edits need one MLP in each layer but "
              + config.modelType()
              + " has "
              + config.variations().experts().count()
              + " experts");
    }
    if (model.adapter() != null) {
      throw new IllegalStateException(
          "edits are made in the weights but the model has an adapter over them; edit merged()");
    }
    String name = model.architecture().names().weight(layer, Part.DOWN);
    requireFloat(model.weights(), name);
    return new DownProjection(
        model.weights().get(name),
        config.linear() == LinearLayout.IN_OUT,
        config.intermediateSize(),
        config.hiddenSize());
  }

  /**
   * Refuses models that normalise what their MLPs give before it enters the stream: a change of the
   * stream that is wanted is no change of the map's values then.
   *
   * @throws IllegalArgumentException when the model is one
   */
  static void requirePlainOutput(DecoderModel model) {
    DecoderConfig config = model.architecture().config();
    if (config.variations().normAfter()) {
      throw new IllegalArgumentException(
          "ROME and MEMIT need MLPs whose output enters the stream as it is but "
              + config.modelType()
              + " normalises it");
    }
  }

  /**
   * Refuses a quantised parameter.
   *
   * @throws IllegalStateException when it is one
   */
  static void requireFloat(Weights weights, String name) {
    if (weights.quantised().containsKey(name)) {
      throw new IllegalStateException(
          "edits need float32 weights but '"
              + name
              + "' is quantised; edit dequantised(), and quantise the result");
    }
  }

  /** Returns the parameter's name in the checkpoint. */
  public String name() {
    return weight.name();
  }

  /** Returns the number of keys, {@code dMlp}. */
  public int keys() {
    return keys;
  }

  /** Returns the width of a value, {@code dModel}. */
  public int values() {
    return values;
  }

  /**
   * The value vector of a neuron.
   *
   * @param key the neuron
   * @return {@code [dModel]}
   */
  public double[] value(int key) {
    FloatBuffer data = weight.data();
    double[] value = new double[values];
    for (int i = 0; i < values; i++) {
      value[i] = data.get(index(i, key));
    }
    return value;
  }

  /**
   * What the map makes of a key, without the bias.
   *
   * @param key {@code [dMlp]}
   * @return {@code [dModel]}
   */
  public double[] times(double[] key) {
    requireWidth("key", key.length, keys);
    FloatBuffer data = weight.data();
    double[] value = new double[values];
    for (int i = 0; i < values; i++) {
      for (int j = 0; j < keys; j++) {
        value[i] += data.get(index(i, j)) * key[j];
      }
    }
    return value;
  }

  /**
   * The parameter with a change added, in its own layout.
   *
   * @param delta {@code [dModel][dMlp]}
   * @return the new tensor
   * @throws IllegalArgumentException when the sizes differ or the sum is not finite
   */
  public WeightTensor plus(double[][] delta) {
    requireWidth("delta", delta.length, values);
    float[] changed = new float[weight.size()];
    weight.data().get(changed);
    for (int i = 0; i < values; i++) {
      requireWidth("delta[" + i + "]", delta[i].length, keys);
      for (int j = 0; j < keys; j++) {
        float sum = (float) (changed[index(i, j)] + delta[i][j]);
        if (!Float.isFinite(sum)) {
          throw new IllegalArgumentException(
              "an edited weight must be finite but that of value "
                  + i
                  + " and key "
                  + j
                  + " would be "
                  + sum);
        }
        changed[index(i, j)] = sum;
      }
    }
    return WeightTensor.of(weight.name(), weight.shape(), changed);
  }

  private int index(int value, int key) {
    return keysFirst ? key * values + value : value * keys + key;
  }

  private static void requireWidth(String name, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          name + " must have length " + expected + " but had " + actual);
    }
  }
}
