package org.alignment4j.interp.steer;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.Parameter.Role;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;

/**
 * Weights that cannot write a direction to the residual stream (Arditi et al. 2024, equation 5):
 * {@code W − r̂r̂ᵀW} for what attention and MLP write, {@code E − (Er̂)r̂ᵀ} for embeddings; biases
 * of the output projections and position embeddings are written as well, and lose the direction
 * too. Where a norm stands between a weight and the stream, what it writes has the direction again;
 * where embeddings are the output head, the head changes with them: {@link
 * RefusalDirection#largestLogitDifference} tells how much that is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OrthogonalWeights {

  private OrthogonalWeights() {}

  /**
   * Makes the model.
   *
   * @param model whose weights are float32
   * @param direction of the width of the residual stream
   * @return a new model, to be closed; the given one is unchanged
   * @throws IllegalArgumentException if the width is another
   * @throws IllegalStateException if the model is quantised or closed
   */
  public static DecoderModel without(DecoderModel model, Direction direction) {
    DecoderConfig config = model.architecture().config();
    double[] unit = direction.unit().vector();
    if (unit.length != config.hiddenSize()) {
      throw new IllegalArgumentException(
          "a direction must have the width of the residual stream, "
              + config.hiddenSize()
              + ", but '"
              + direction
              + "' has "
              + unit.length);
    }
    if (!model.weights().quantised().isEmpty()) {
      throw new IllegalStateException(
          "weights must be float32 to be orthogonalised but are quantised; use dequantised()");
    }
    List<WeightTensor> changed = new ArrayList<>();
    for (Parameter parameter : model.architecture().parameters()) {
      if (writes(parameter, config)) {
        WeightTensor tensor = model.weights().get(parameter.name());
        float[] values = new float[tensor.size()];
        tensor.data().get(values);
        if (outputsAreColumns(parameter, config)) {
          removeFromRows(values, unit);
        } else {
          removeFromColumns(values, unit);
        }
        changed.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
      }
    }
    return model.withWeights(model.weights().with(changed));
  }

  private static boolean writes(Parameter parameter, DecoderConfig config) {
    boolean writing = parameter.part() == Part.OUTPUT || parameter.part() == Part.DOWN;
    return switch (parameter.role()) {
      case LINEAR_WEIGHT, LINEAR_BIAS -> writing;
      case POSITION_EMBEDDING -> true;
      case TOKEN_EMBEDDING -> config.embeddingSize() == config.hiddenSize();
      case PROJECTION -> parameter.shape()[0] == config.hiddenSize();
      case NORM_WEIGHT, NORM_BIAS, HEAD, HEAD_BIAS -> false;
    };
  }

  /** Whether each row of the tensor is a vector of the stream. */
  private static boolean outputsAreColumns(Parameter parameter, DecoderConfig config) {
    boolean linear = parameter.role() == Role.LINEAR_WEIGHT;
    boolean expert =
        linear && config.variations().experts() != null && parameter.part() == Part.DOWN;
    return parameter.role() != Role.PROJECTION
        && (!linear || (config.linear() == LinearLayout.IN_OUT && !expert));
  }

  /** {@code M − (Mr̂)r̂ᵀ} of {@code [n, d]}. */
  static void removeFromRows(float[] matrix, double[] unit) {
    for (int at = 0; at < matrix.length; at += unit.length) {
      double part = 0;
      for (int j = 0; j < unit.length; j++) {
        part += matrix[at + j] * unit[j];
      }
      for (int j = 0; j < unit.length; j++) {
        matrix[at + j] = (float) (matrix[at + j] - part * unit[j]);
      }
    }
  }

  /** {@code M − r̂(r̂ᵀM)} of {@code [d, n]}. */
  static void removeFromColumns(float[] matrix, double[] unit) {
    int n = matrix.length / unit.length;
    for (int column = 0; column < n; column++) {
      double part = 0;
      for (int j = 0; j < unit.length; j++) {
        part += matrix[j * n + column] * unit[j];
      }
      for (int j = 0; j < unit.length; j++) {
        matrix[j * n + column] = (float) (matrix[j * n + column] - part * unit[j]);
      }
    }
  }
}
