package org.alignment4j.runtime.train;

import java.util.Set;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** Adds inputs to activations, after what another tap does to them. */
final class PerturbationTap implements Tap {

  /** Prefix of the inputs. */
  static final String DELTA = "perturbation/";

  private final Ops ops;
  private final Tap inner;
  private final Set<String> hooks;
  private final boolean differentiated;

  /**
   * A tap.
   *
   * @param hooks where inputs are added
   * @param differentiated whether their gradients are wanted
   */
  PerturbationTap(Ops ops, Tap inner, Set<String> hooks, boolean differentiated) {
    this.ops = ops;
    this.inner = inner;
    this.hooks = hooks;
    this.differentiated = differentiated;
  }

  @Override
  public boolean wants(String hook) {
    return hooks.contains(hook) || inner.wants(hook);
  }

  @Override
  public Value at(String hook, Value value) {
    Value x = inner.wants(hook) ? inner.at(hook, value) : value;
    return hooks.contains(hook)
        ? ops.add(x, ops.graph().parameter(DELTA + hook, x.shape(), differentiated))
        : x;
  }
}
