package org.alignment4j.interp.feature;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.interp.feature.SaeActivation.TopK;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sparse autoencoder or transcoder ready to use: {@code f = activation((norm(x) − b_dec)·W_enc +
 * b_enc)}, {@code x̂ = unnorm(f·W_dec + b_dec)}, plus {@code x·W_skipᵀ} where there is a skip. All
 * in float32 on rows {@code [n, d]}. Immutable and safe for concurrent use.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SparseAutoencoder {
  private final SaeConfig config;
  private final Map<String, Values> tensors;
  private final INDArray encoder;
  private final INDArray decoder;
  private final @Nullable INDArray skip;
  private final FeatureActivation activation;
  private final float[] decoderBias;

  private SparseAutoencoder(SaeConfig config, Map<String, Values> tensors) {
    this.config = config;
    this.tensors = tensors;
    this.encoder = matrix(SaeTensors.W_ENC);
    this.decoder = matrix(SaeTensors.W_DEC);
    this.skip = config.skip() ? matrix(SaeTensors.W_SKIP).transpose() : null;
    this.activation = FeatureActivation.of(config, tensors, decoderNorms());
    this.decoderBias = array(SaeTensors.B_DEC);
  }

  /**
   * Puts an autoencoder together.
   *
   * @param config what it is
   * @param tensors its weights by name; exactly those of {@link SaeConfig#shapes}
   * @return the autoencoder
   * @throws IllegalArgumentException when a tensor is missing, is not known, has another shape or a
   *     value that is not finite
   */
  public static SparseAutoencoder of(SaeConfig config, Map<String, Values> tensors) {
    Map<String, int[]> shapes = config.shapes();
    if (!tensors.keySet().equals(shapes.keySet())) {
      throw new IllegalArgumentException(
          "tensors must be " + shapes.keySet() + " but were " + tensors.keySet());
    }
    Map<String, Values> ordered = new LinkedHashMap<>();
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      Values values = tensors.get(entry.getKey());
      if (values == null || !Arrays.equals(values.shape(), entry.getValue())) {
        throw new IllegalArgumentException(
            entry.getKey()
                + " must have shape "
                + Arrays.toString(entry.getValue())
                + " but was "
                + values);
      }
      FiniteRows.require(values.toArray(), 1, entry.getKey());
      ordered.put(entry.getKey(), values);
    }
    return new SparseAutoencoder(config, ordered);
  }

  /**
   * Returns what it is.
   *
   * @return the configuration
   */
  public SaeConfig config() {
    return config;
  }

  /**
   * Returns its weights.
   *
   * @return tensors by the names of {@link SaeTensors}, in order
   */
  public Map<String, Values> tensors() {
    return new LinkedHashMap<>(tensors);
  }

  /**
   * Returns one tensor of its weights.
   *
   * @param name one of {@link SaeTensors}
   * @return the tensor
   * @throws IllegalArgumentException when it has none of that name
   */
  public Values tensor(String name) {
    Values values = tensors.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "name must be one of " + tensors.keySet() + " but was '" + name + "'");
    }
    return values;
  }

  /**
   * Encodes rows.
   *
   * @param rows activations {@code [n, d]}, of any data type
   * @return features {@code [n, F]}, not negative
   * @throws IllegalArgumentException when the shape is another, there is no row, or a value is not
   *     finite
   */
  public INDArray encode(INDArray rows) {
    float[] data = RowMatrices.rows(rows, config.inputSize(), "rows");
    FiniteRows.require(data, config.inputSize(), "rows");
    return RowMatrices.matrix(features(data), config.width());
  }

  /**
   * Decodes features.
   *
   * @param features {@code [n, F]}
   * @param rows what the features were encoded from, {@code [n, d]}: gives the scale of each row
   *     back where rows are scaled one by one, and what a skip adds
   * @return predictions {@code [n, dOut]}; an affine function of the features
   * @throws IllegalArgumentException when a shape is another or a row is not finite
   */
  public INDArray decode(INDArray features, INDArray rows) {
    float[] inputs = RowMatrices.rows(rows, config.inputSize(), "rows");
    float[] values = RowMatrices.rows(features, config.width(), "features");
    if (values.length / config.width() != inputs.length / config.inputSize()) {
      throw new IllegalArgumentException(
          "features must have as many rows as rows but were "
              + Arrays.toString(features.shape())
              + " and "
              + Arrays.toString(rows.shape()));
    }
    FiniteRows.require(inputs, config.inputSize(), "rows");
    return RowMatrices.matrix(reconstruction(values, inputs), config.outputSize());
  }

  /**
   * Encodes and decodes rows.
   *
   * @param rows activations {@code [n, d]}
   * @return predictions {@code [n, dOut]}
   * @throws IllegalArgumentException when the shape is another, there is no row, or a value is not
   *     finite
   */
  public INDArray reconstruct(INDArray rows) {
    return decode(encode(rows), rows);
  }

  /**
   * Returns the direction that a feature writes.
   *
   * @param feature its index
   * @return its row of the decoder, {@code [dOut]}, divided by its norm under a TopK that is
   *     rescaled by it, so that the activation is its coefficient
   * @throws IllegalArgumentException when there is no such feature
   */
  public Values direction(int feature) {
    requireFeature(feature);
    float[] row = array(SaeTensors.W_DEC);
    int size = config.outputSize();
    float[] direction = Arrays.copyOfRange(row, feature * size, (feature + 1) * size);
    float factor = activation.decodingFactor(feature);
    for (int i = 0; i < size; i++) {
      direction[i] *= factor;
    }
    return Values.vector(direction);
  }

  /**
   * Checks that this belongs to a model's hook point.
   *
   * @param modelName the model's name
   * @param point the hook point that is to be read
   * @param size length of the vectors there
   * @throws IllegalArgumentException naming what differs
   */
  public void requireFits(String modelName, HookPoint<?> point, int size) {
    SaeMismatch.require(config, modelName, point, size);
  }

  /**
   * Refuses use at a model's hook point of an autoencoder that expects its activations scaled.
   *
   * @throws IllegalArgumentException when its normalisation is {@code expected_average_only_in}
   */
  public void requireFolded() {
    SaeMismatch.requireFolded(this);
  }

  /**
   * Returns the same function with decoder rows of norm 1: the encoder, its biases and thresholds
   * take the norms over. Features are multiplied by them. Rows of zeros stay.
   *
   * @return an autoencoder with equal predictions
   * @throws IllegalStateException under a TopK that is not rescaled, which would keep other
   *     features
   */
  public SparseAutoencoder foldDecoderNorm() {
    return SaeFolding.decoderNorm(this);
  }

  /**
   * Returns an autoencoder for unscaled inputs of one for inputs multiplied by a number.
   *
   * @param scale what its inputs were multiplied by, positive
   * @return an autoencoder of normalisation {@code none} with {@code g(x) = f(scale·x)/scale}; a
   *     transcoder's target is not scaled, so {@code g(x) = f(scale·x)}
   * @throws IllegalArgumentException when the scale is not positive and finite, or rows are scaled
   *     one by one
   */
  public SparseAutoencoder foldInputScale(double scale) {
    return SaeFolding.inputScale(this, scale);
  }

  /**
   * Returns a hash of configuration and weights.
   *
   * @return SHA-256 in hexadecimal digits
   */
  public String contentHash() {
    MessageDigest digest = Sha256.digest();
    digest.update(config.toString().getBytes(StandardCharsets.UTF_8));
    tensors.forEach(
        (name, values) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          ByteBuffer bytes = ByteBuffer.allocate(values.size() * Float.BYTES);
          bytes.asFloatBuffer().put(FloatBuffer.wrap(values.toArray()));
          digest.update(bytes);
        });
    return Sha256.hex(digest);
  }

  /** Features {@code [n, F]} of rows {@code [n, d]}, which are not checked. */
  float[] features(float[] rows) {
    int d = config.inputSize();
    float[] scaled = rows.clone();
    config.normalisation().normalise(scaled, d);
    if (config.subtractsDecoderBias()) {
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] -= decoderBias[i % d];
      }
    }
    float[] features = RowMatrices.product(RowMatrices.matrix(scaled, d), encoder);
    activation.apply(features);
    return features;
  }

  /** Predictions {@code [n, dOut]} of features {@code [n, F]} made of rows {@code [n, d]}. */
  float[] reconstruction(float[] features, float[] rows) {
    int size = config.outputSize();
    float[] scaled = activation.decodingScaled(features);
    float[] out = RowMatrices.product(RowMatrices.matrix(scaled, config.width()), decoder);
    for (int i = 0; i < out.length; i++) {
      out[i] += decoderBias[i % size];
    }
    if (config.normalisation().perRow()) {
      config.normalisation().normalise(rows.clone(), config.inputSize()).restore(out, size);
    }
    if (skip != null) {
      float[] added = RowMatrices.product(RowMatrices.matrix(rows, config.inputSize()), skip);
      for (int i = 0; i < out.length; i++) {
        out[i] += added[i];
      }
    }
    return out;
  }

  void requireFeature(int feature) {
    if (feature < 0 || feature >= config.width()) {
      throw new IllegalArgumentException(
          "feature must be in [0, " + (config.width() - 1) + "] but was " + feature);
    }
  }

  /** What each row of features is multiplied by on its way through the decoder. */
  float decodingFactor(int feature) {
    return activation.decodingFactor(feature);
  }

  boolean keepsFeaturesWhenFolded() {
    return !(config.activation() instanceof TopK topK) || topK.rescaledByDecoderNorm();
  }

  float[] array(String name) {
    return tensor(name).toArray();
  }

  /** Norm of each decoder row. */
  float[] decoderNorms() {
    return RowMatrices.norms(array(SaeTensors.W_DEC), config.outputSize());
  }

  private INDArray matrix(String name) {
    Values values = tensor(name);
    return RowMatrices.matrix(values.toArray(), values.shape()[1]);
  }
}
