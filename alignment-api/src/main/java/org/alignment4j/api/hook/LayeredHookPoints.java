package org.alignment4j.api.hook;

import java.util.List;

/** The same point of several layers. */
record LayeredHookPoints<A extends Axes>(HookKind kind, Layers layers) implements HookPointSet<A> {

  @Override
  public List<HookPoint<A>> points(int layerCount) {
    return layers.resolve(layerCount).stream().map(layer -> new HookPoint<A>(kind, layer)).toList();
  }

  @Override
  public boolean ofAllLayers() {
    return layers.equals(Layers.all());
  }

  @Override
  public String toString() {
    return kind.prefix() + "{" + layers + "}" + kind.suffix();
  }
}
