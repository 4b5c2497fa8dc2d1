package org.alignment4j.interp.trace;

/** What is restored at a token. */
public enum TracedState {
  /** The residual stream after a layer. */
  RESIDUAL,
  /** The outputs of the MLPs of a window of layers. */
  MLP,
  /** The outputs of attention of a window of layers. */
  ATTENTION
}
