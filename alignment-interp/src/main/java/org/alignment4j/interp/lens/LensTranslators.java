package org.alignment4j.interp.lens;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * The translators of a tuned lens: for the stream before each layer an affine map that is added to
 * it, {@code h' = h + A·h + b} (Belrose et al. 2023, arXiv 2303.08112, equation 8, written so that
 * zeros are the logit lens, as in {@code tuned-lens}). Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LensTranslators {

  private final String modelId;
  private final int layers;
  private final int width;
  private final Translation translation;
  private final Weights tensors;

  /**
   * Translators.
   *
   * @param tensors {@code L.weight [dModel, dModel]}, outputs first, and {@code L.bias [dModel]} of
   *     each layer; biases alone for {@link Translation#BIAS}
   */
  LensTranslators(String modelId, int layers, int width, Translation translation, Weights tensors) {
    this.modelId = Objects.requireNonNull(modelId, "modelId");
    this.layers = layers;
    this.width = width;
    this.translation = translation;
    this.tensors = tensors;
    for (int layer = 0; layer < layers; layer++) {
      requireFinite(tensors.get(biasName(layer)), width);
      if (translation == Translation.AFFINE) {
        requireFinite(tensors.get(weightName(layer)), width, width);
      }
    }
  }

  private static void requireFinite(WeightTensor tensor, long... shape) {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          tensor.name()
              + " must have the shape "
              + Arrays.toString(shape)
              + " but has "
              + Arrays.toString(tensor.shape()));
    }
    FloatBuffer data = tensor.data();
    for (int i = 0; i < data.limit(); i++) {
      if (!Float.isFinite(data.get(i))) {
        throw new IllegalArgumentException(
            tensor.name() + " must be finite but element " + i + " was " + data.get(i));
      }
    }
  }

  /**
   * Returns translators that change nothing, with which a tuned lens is the logit lens.
   *
   * @param modelId the model's id
   * @param layers its number of layers
   * @param width its dModel
   * @return zeros
   * @throws IllegalArgumentException when layers or width are not positive
   */
  public static LensTranslators identity(String modelId, int layers, int width) {
    if (layers < 1 || width < 1) {
      throw new IllegalArgumentException(
          "layers and width must be positive but were " + layers + " and " + width);
    }
    List<WeightTensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      tensors.add(WeightTensor.of(biasName(layer), new long[] {width}, new float[width]));
    }
    return new LensTranslators(modelId, layers, width, Translation.BIAS, Weights.of(tensors));
  }

  static String weightName(int layer) {
    return layer + ".weight";
  }

  static String biasName(int layer) {
    return layer + ".bias";
  }

  /**
   * Returns the model that the translators were trained for.
   *
   * @return its id
   */
  public String modelId() {
    return modelId;
  }

  /**
   * Returns how many translators there are.
   *
   * @return the model's number of layers
   */
  public int layers() {
    return layers;
  }

  /**
   * Returns the width of the residual stream.
   *
   * @return dModel
   */
  public int width() {
    return width;
  }

  /**
   * Returns what the translators may do.
   *
   * @return affine, or biases alone
   */
  public Translation translation() {
    return translation;
  }

  /**
   * Returns a layer's matrix.
   *
   * @param layer the layer before which the stream is read, from 0
   * @return A, {@code [dModel, dModel]}, outputs first; zeros where there are biases alone
   * @throws IndexOutOfBoundsException when there is no such layer
   */
  public Values weight(int layer) {
    Objects.checkIndex(layer, layers);
    int[] shape = {width, width};
    return translation == Translation.BIAS
        ? Values.of(shape, new float[Math.multiplyExact(width, width)])
        : Values.of(shape, array(tensors.get(weightName(layer))));
  }

  /**
   * Returns a layer's bias.
   *
   * @param layer the layer before which the stream is read, from 0
   * @return b, {@code [dModel]}
   * @throws IndexOutOfBoundsException when there is no such layer
   */
  public Values bias(int layer) {
    Objects.checkIndex(layer, layers);
    return Values.vector(array(tensors.get(biasName(layer))));
  }

  private static float[] array(WeightTensor tensor) {
    float[] array = new float[tensor.size()];
    tensor.data().get(array);
    return array;
  }

  /**
   * Returns a hash of the numbers.
   *
   * @return equal for equal translators
   */
  public String contentHash() {
    return tensors.contentHash();
  }

  /** The tensors by the names that {@code tuned-lens} gives them. */
  Weights tensors() {
    return tensors;
  }

  /** A layer's numbers as graphs take them. */
  TranslatedEnd.Translator translator(int layer) {
    return new TranslatedEnd.Translator(
        translation == Translation.BIAS ? null : tensors.get(weightName(layer)).data(),
        tensors.get(biasName(layer)).data());
  }
}
