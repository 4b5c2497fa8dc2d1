package org.alignment4j.api.hook;

import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activations that a run was asked to keep. Immutable: nothing edits a cache, and what it hands
 * out are copies that outlive it. It is readable until the run's result is closed, for good where
 * that is left open. Sequences of a batch are padded on the right; what stands at padding is not
 * specified.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface ActivationCache {

  /**
   * Returns the hook points that were kept.
   *
   * @return the points, in the order of the forward pass
   */
  List<HookPoint<?>> points();

  /**
   * Returns the sequences of the run.
   *
   * @return the tokens of each, without padding
   */
  List<TokenIds> tokens();

  /**
   * Returns whether a hook point was kept.
   *
   * @param point the point
   * @return true when {@link #get} has it
   */
  default boolean contains(HookPoint<?> point) {
    return points().contains(point);
  }

  /**
   * Returns an activation.
   *
   * @param point the hook point
   * @return a new array with the axes of {@code point.kind().axes()}, single precision
   * @throws IllegalArgumentException when the point was not kept; the message lists the nearest
   *     that were
   */
  INDArray get(HookPoint<?> point);

  /**
   * Returns an activation as plain data; needs no ND4J backend.
   *
   * @param point the hook point
   * @return the activation with the axes of {@code point.kind().axes()}
   * @throws IllegalArgumentException when the point was not kept, or is too large for a Java array
   */
  Values values(HookPoint<?> point);

  /**
   * Returns an activation by name.
   *
   * @param name a TransformerLens name
   * @return as {@link #get(HookPoint)}
   * @throws IllegalArgumentException when there is no such name or the point was not kept
   */
  default INDArray get(String name) {
    return get(HookPoint.parse(name));
  }
}
