package org.alignment4j.interp.adversary;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Values;
import org.apiguardian.api.API;

/**
 * What is added to activations of certain sequences, and what it did. Immutable.
 *
 * @param modelId the model it was sought in
 * @param point where it is added
 * @param radius the longest norm that a token's vector may have
 * @param delta {@code [batch, position, dModel]}, 0 at padding
 * @param trace the metric of each sequence, first without a perturbation and then with the best one
 *     after each step
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LatentPerturbation(
    String modelId,
    HookPoint<Axes.Residual> point,
    double radius,
    Values delta,
    List<double[]> trace) {

  /** Copies the trace. */
  public LatentPerturbation {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(delta, "delta");
    trace = trace.stream().map(double[]::clone).toList();
  }

  @Override
  public List<double[]> trace() {
    return trace.stream().map(double[]::clone).toList();
  }

  /**
   * How far a sequence's metric rose.
   *
   * @param sequence which sequence, from 0
   * @throws IndexOutOfBoundsException if there is no such sequence
   */
  public double gain(int sequence) {
    return trace.get(trace.size() - 1)[sequence] - trace.get(0)[sequence];
  }

  /**
   * The perturbation as an intervention for runs of the same sequences, in their order.
   *
   * @return adds it; a run of more sequences or longer ones is refused
   */
  public Intervention<Axes.Residual> intervention() {
    return Edits.add(point, delta, 1);
  }
}
