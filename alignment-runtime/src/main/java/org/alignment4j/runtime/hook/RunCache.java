package org.alignment4j.runtime.hook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a forward run kept. */
final class RunCache implements ActivationCache {

  private final Map<HookPoint<?>, Supplier<Activation>> activations;
  private final List<TokenIds> tokens;

  RunCache(LinkedHashMap<HookPoint<?>, Supplier<Activation>> activations, List<TokenIds> tokens) {
    this.activations = Collections.unmodifiableMap(activations);
    this.tokens = tokens;
  }

  @Override
  public List<HookPoint<?>> points() {
    return List.copyOf(activations.keySet());
  }

  @Override
  public List<TokenIds> tokens() {
    return tokens;
  }

  @Override
  public INDArray get(HookPoint<?> point) {
    return activation(point).array();
  }

  @Override
  public Values values(HookPoint<?> point) {
    return activation(point).values();
  }

  private Activation activation(HookPoint<?> point) {
    Supplier<Activation> found = activations.get(point);
    if (found == null) {
      throw new IllegalArgumentException(
          "hook point must have been kept but "
              + point
              + " was not; "
              + (activations.isEmpty() ? "nothing was" : "the nearest kept are " + nearest(point))
              + "; name it in cache(...)");
    }
    return found.get();
  }

  private String nearest(HookPoint<?> point) {
    return activations.keySet().stream()
        .sorted(
            java.util.Comparator.comparingInt(
                p ->
                    Math.abs(p.layer() - point.layer())
                        + (p.kind() == point.kind()
                            ? 0
                            : 2 * Math.abs(p.kind().ordinal() - point.kind().ordinal()))))
        .limit(3)
        .map(HookPoint::name)
        .collect(Collectors.joining(", "));
  }
}
