package org.alignment4j.rlhf.loss;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What switches pairs off that the model already orders well, in Pairwise Cringe (Xu et al. 2023,
 * arXiv 2312.16682): a pair's loss is multiplied by {@code g = σ((b − M)/τ)} with the margin {@code
 * M = log π(chosen) − log π(rejected)}.
 *
 * @param offset b, finite: the margin at which a pair counts half
 * @param temperature τ, positive and finite: how sharply it is switched off
 * @param gradient whether a gradient flows through g
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairGate(double offset, double temperature, Gradient gradient) {

  /** Whether a gradient flows through the gate. */
  public enum Gradient {
    /** None: the gate is a weight. */
    DETACHED,
    /** The gradient of the product, which widens margins to close the gate. */
    FLOWING
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public PairGate {
    Settings.requireFinite("offset", offset);
    Settings.requirePositive("temperature", temperature);
    Objects.requireNonNull(gradient, "gradient");
  }

  /**
   * Returns a gate through which no gradient flows.
   *
   * @param offset b, finite
   * @param temperature τ, positive and finite
   * @return the gate
   * @throws IllegalArgumentException when one is out of range
   */
  public static PairGate of(double offset, double temperature) {
    return new PairGate(offset, temperature, Gradient.DETACHED);
  }

  /**
   * Emits the gates.
   *
   * @param ops emits into a graph
   * @param margins M of each pair
   * @return g of each pair, the same shape
   */
  public Value gates(Ops ops, Value margins) {
    Value open = ops.scale(ops.shift(ops.neg(margins), offset), 1 / temperature);
    Value gates = ops.sigmoid(open);
    return gradient == Gradient.DETACHED ? ops.detached(gates) : gates;
  }
}
