package org.alignment4j.interp.circuit;

import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.ThinSvd;
import org.alignment4j.interp.weights.TransformerWeights;
import org.apiguardian.api.API;

/**
 * Reads weights by their singular directions in the vocabulary (Millidge and Black 2022; the
 * interpreter of TransformerLens): the right singular vectors of {@code OV}, {@code W_out}, {@code
 * W_inᵀ} and {@code W_gateᵀ}, which lie in the residual stream, times {@code W_U}. Norms between a
 * weight and the unembedding are not computed; fold them before. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SvdInterpreter {

  private final AttentionCircuits circuits;

  /** An interpreter of weights. */
  public SvdInterpreter(TransformerWeights weights) {
    this.circuits = new AttentionCircuits(weights);
  }

  /**
   * What a head writes to the stream.
   *
   * @param count how many directions, from the largest singular value on; all where there are fewer
   * @throws IllegalArgumentException if there is no such layer or head, or the count is not
   *     positive
   */
  public List<SingularDirection> ov(int layer, int head, int count) {
    return directions(circuits.ov(layer, head).svd(), count);
  }

  /**
   * What a layer's MLP writes to the stream.
   *
   * @param count how many directions, from the largest singular value on; all where there are fewer
   * @throws IllegalArgumentException if there is no such layer, the layer has several MLPs, or the
   *     count is not positive
   */
  public List<SingularDirection> mlpOut(int layer, int count) {
    MlpWeights mlp = circuits.weights().layer(layer).mlp();
    return directions(ThinSvd.of(out(mlp, layer)), count);
  }

  /**
   * What a layer's MLP reads of the stream; of a gated MLP by its up projection.
   *
   * @param count how many directions, from the largest singular value on; all where there are fewer
   * @throws IllegalArgumentException if there is no such layer, the layer has several MLPs, or the
   *     count is not positive
   */
  public List<SingularDirection> mlpIn(int layer, int count) {
    MlpWeights mlp = circuits.weights().layer(layer).mlp();
    return directions(ThinSvd.of(in(mlp, layer).transposed()), count);
  }

  /**
   * What a gated MLP reads of the stream by its gate.
   *
   * @param count how many directions, from the largest singular value on; all where there are fewer
   * @throws IllegalArgumentException if there is no such layer, its MLP is not gated or it has
   *     several, or the count is not positive
   */
  public List<SingularDirection> mlpGate(int layer, int count) {
    if (circuits.weights().layer(layer).mlp() instanceof MlpWeights.Gated gated) {
      return directions(ThinSvd.of(gated.gate().weight().transposed()), count);
    }
    throw new IllegalArgumentException(
        "layer must have one gated MLP but layer " + layer + " has not");
  }

  private static Matrix in(MlpWeights mlp, int layer) {
    if (mlp instanceof MlpWeights.Plain plain) {
      return plain.in().weight();
    }
    if (mlp instanceof MlpWeights.Gated gated) {
      return gated.in().weight();
    }
    throw several(layer);
  }

  private static Matrix out(MlpWeights mlp, int layer) {
    if (mlp instanceof MlpWeights.Plain plain) {
      return plain.out().weight();
    }
    if (mlp instanceof MlpWeights.Gated gated) {
      return gated.out().weight();
    }
    throw several(layer);
  }

  private static IllegalArgumentException several(int layer) {
    return new IllegalArgumentException(
        "layer must have one MLP but layer "
            + layer
            + " has several, among which each token chooses; decompose one by ThinSvd");
  }

  private List<SingularDirection> directions(ThinSvd svd, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be positive but was " + count);
    }
    double[] values = svd.values();
    Matrix unembedding = circuits.weights().unembedding().weight();
    return IntStream.range(0, Math.min(count, values.length))
        .mapToObj(
            k -> {
              Matrix direction = svd.right().columns(k, k + 1).transposed();
              return new SingularDirection(values[k], direction, direction.times(unembedding));
            })
        .toList();
  }
}
