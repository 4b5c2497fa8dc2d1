package org.alignment4j.api.hook;

import java.util.Locale;
import org.apiguardian.api.API;

/** One axis of the array at a hook point. */
@API(status = API.Status.STABLE, since = "0.1")
public enum Axis {
  /** The sequences of the run. */
  BATCH,
  /** Token positions, counted from the start of the sequence. */
  POSITION,
  /** Attention heads. */
  HEAD,
  /** Key and value heads; fewer than attention heads under grouped-query attention. */
  KEY_VALUE_HEAD,
  /** Positions that attend. */
  QUERY,
  /** Positions attended to. */
  KEY,
  /** Coordinates of a vector: of the residual stream or of one head. */
  COMPONENT,
  /** Neurons of an MLP. */
  NEURON,
  /** Tokens of the vocabulary. */
  TOKEN,
  /** An axis of length 1. */
  UNIT;

  /**
   * Returns the axis in words.
   *
   * @return such as {@code key value head}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
