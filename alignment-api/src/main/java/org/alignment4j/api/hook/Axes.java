package org.alignment4j.api.hook;

import org.apiguardian.api.API;

/**
 * The axes of a hook point, as types: a {@link Selector} names the axis it needs, so that {@code
 * head(3)} at a residual stream does not compile. These interfaces are never implemented.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Axes {

  /** Has token positions. */
  interface Positions extends Axes {}

  /** Has attention heads. */
  interface Heads extends Axes {}

  /** Has key and value heads. */
  interface KeyValueHeads extends Axes {}

  /** Has query and key positions. */
  interface QueriesAndKeys extends Axes {}

  /** Has the coordinates of a vector. */
  interface Components extends Axes {}

  /** Has MLP neurons. */
  interface Neurons extends Axes {}

  /** Has the tokens of the vocabulary. */
  interface Vocabulary extends Axes {}

  /** {@code [batch, position, dModel]}. */
  interface Residual extends Positions, Components {}

  /** {@code [batch, position, head, dHead]}. */
  interface PerHead extends Positions, Heads, Components {}

  /** {@code [batch, position, keyValueHead, dHead]}. */
  interface PerKeyValueHead extends Positions, KeyValueHeads, Components {}

  /** {@code [batch, position, head, dModel]}. */
  interface PerHeadResidual extends Positions, Heads, Components {}

  /** {@code [batch, position, keyValueHead, dModel]}. */
  interface PerKeyValueHeadResidual extends Positions, KeyValueHeads, Components {}

  /** {@code [batch, head, query, key]}. */
  interface Attention extends Heads, QueriesAndKeys {}

  /** {@code [batch, position, dMlp]}. */
  interface Mlp extends Positions, Neurons {}

  /** {@code [batch, position, 1]}. */
  interface Scale extends Positions {}

  /** {@code [batch, position, vocabulary]}. */
  interface Logits extends Positions, Vocabulary {}
}
