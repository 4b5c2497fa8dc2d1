package org.alignment4j.interp.diff;

import java.nio.FloatBuffer;
import java.util.Collection;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Parameter;
import org.apiguardian.api.API;

/**
 * Two models of one architecture, such as a base model and what alignment made of it, compared:
 * {@link #weights which weights, heads and neurons changed}, {@link ActivationDiff which
 * activations, directions and features}, and {@link PartPatching which changes carry a difference
 * in behaviour}. It owns neither model; both must stay open. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CircuitDiff {

  /** Widest matrix, by its shorter side, whose singular values are computed unless asked. */
  public static final int WIDEST_SPECTRUM = 1024;

  private final DecoderModel before;
  private final DecoderModel after;
  private final PartSlices parts;
  private final double squares;

  private CircuitDiff(DecoderModel before, DecoderModel after, PartSlices parts, double squares) {
    this.before = before;
    this.after = after;
    this.parts = parts;
    this.squares = squares;
  }

  /**
   * Compares two models.
   *
   * @param before the model before, float32, without adapter
   * @param after the model after, float32, without adapter
   * @throws IllegalArgumentException if they differ in architecture, parameters or vocabulary
   * @throws IllegalStateException if one is quantised, has an adapter or is closed
   */
  public static CircuitDiff of(DecoderModel before, DecoderModel after) {
    ComparedModels.require(before, after);
    PartSlices parts = new PartSlices(before.architecture());
    double squares = 0;
    for (Parameter parameter : parts.parameters()) {
      long[] shape = parameter.shape();
      squares +=
          squares(before, after, new TensorSlice(parameter.name(), 0, 0, (int) shape[0]), shape);
    }
    return new CircuitDiff(before, after, parts, squares);
  }

  /** The model before. */
  public DecoderModel before() {
    return before;
  }

  /** The model after. */
  public DecoderModel after() {
    return after;
  }

  /** How far the weights are apart: the Frobenius norm of the difference of all of them. */
  public double distance() {
    return Math.sqrt(squares);
  }

  /** As {@link #weights(int, CancellationToken)}, with spectra up to {@value #WIDEST_SPECTRUM}. */
  public WeightChanges weights(CancellationToken cancellation) {
    return weights(WIDEST_SPECTRUM, cancellation);
  }

  /**
   * Compares all weights. It copies those of both models, eight bytes a parameter each.
   *
   * @param widestSpectrum no singular values are computed of matrices whose shorter side is longer:
   *     they take time by its third power
   * @param cancellation asks to stop at the next tensor or layer
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public WeightChanges weights(int widestSpectrum, CancellationToken cancellation) {
    return new WeightComparison(before, after, parts, widestSpectrum, cancellation).compare();
  }

  PartSlices parts() {
    return parts;
  }

  /** Number of weights. */
  long size(Collection<TensorSlice> slices) {
    return slices.stream().mapToLong(slice -> slice.size(shape(slice))).sum();
  }

  /** Share of the squared change of all weights; 0 where nothing changed. */
  double changeShare(Collection<TensorSlice> slices) {
    double own = 0;
    for (TensorSlice slice : slices) {
      own += squares(before, after, slice, shape(slice));
    }
    return squares == 0 ? 0 : Math.min(1, own / squares);
  }

  private long[] shape(TensorSlice slice) {
    return before.weights().get(slice.tensor()).shape();
  }

  private static double squares(
      DecoderModel before, DecoderModel after, TensorSlice slice, long[] shape) {
    FloatBuffer first = before.weights().get(slice.tensor()).data();
    FloatBuffer second = after.weights().get(slice.tensor()).data();
    double[] sum = new double[1];
    slice.forEach(
        shape,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            double difference = (double) second.get(i) - first.get(i);
            sum[0] += difference * difference;
          }
        });
    return sum[0];
  }
}
