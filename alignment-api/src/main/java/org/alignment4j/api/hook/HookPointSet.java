package org.alignment4j.api.hook;

import java.util.List;
import org.apiguardian.api.API;

/**
 * One hook point, or the same point of several layers.
 *
 * @param <A> the axes of the arrays there
 */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface HookPointSet<A extends Axes> permits HookPoint, LayeredHookPoints {

  /**
   * Returns the points in a model of so many layers.
   *
   * @param layerCount how many layers the model has
   * @return the points, by layer
   * @throws IllegalArgumentException when a layer is named that the model lacks
   */
  List<HookPoint<A>> points(int layerCount);

  /**
   * Returns whether this means every layer, however many a model has.
   *
   * @return true for the sets of {@link Layers#all()}
   */
  boolean ofAllLayers();
}
