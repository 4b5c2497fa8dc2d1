package org.alignment4j.runtime.train;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.Parameter.Role;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.BlockFormat;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/** The part of a model that a run changes. Immutable; the run works on a copy. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Trainable {

  /**
   * Returns the model's weights.
   *
   * @return all of them, trained or not
   */
  Weights base();

  /**
   * Copies what is trained to where it can change.
   *
   * @return flat parameters
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  FlatParameters toParameters();

  /**
   * Some or all of the weights themselves.
   *
   * @param base the model's weights
   * @param names those trained, in the order of {@code base}; at least one
   */
  record FullWeights(Weights base, Set<String> names) implements Trainable {
    public FullWeights {
      Set<String> ordered = new LinkedHashSet<>(base.names());
      ordered.retainAll(names);
      requireFloats(base, ordered);
      if (ordered.isEmpty() || ordered.size() != names.size()) {
        throw new IllegalArgumentException(
            "names must be one or more parameters of the model but were " + names);
      }
      names = java.util.Collections.unmodifiableSet(ordered);
    }

    @Override
    public FlatParameters toParameters() {
      Map<String, List<Integer>> shapes = new LinkedHashMap<>();
      names.forEach(name -> shapes.put(name, FlatLayout.dimensions(base.get(name))));
      return FlatParameters.copyOf(FlatLayout.of(shapes), base);
    }
  }

  /**
   * An adapter of frozen weights, and perhaps some weights themselves, such as a new head.
   *
   * @param base the model's weights
   * @param start the adapter training starts from
   * @param names weights trained besides, in the order of {@code base}; none of them adapted
   */
  record Adapter(Weights base, LoraAdapter start, Set<String> names) implements Trainable {
    public Adapter {
      if (start.matrices().isEmpty()) {
        throw new IllegalArgumentException("the adapter must adapt at least one weight");
      }
      start.matrices().keySet().forEach(base::stored);
      names.forEach(base::stored);
      Set<String> ordered = new LinkedHashSet<>(base.names());
      ordered.retainAll(names);
      requireFloats(base, ordered);
      if (ordered.stream().anyMatch(start.matrices()::containsKey)) {
        throw new IllegalArgumentException(
            "a weight must be adapted or trained itself, not both, but names were " + names);
      }
      names = java.util.Collections.unmodifiableSet(ordered);
    }

    /**
     * An adapter alone.
     *
     * @param base the model's weights
     * @param start the adapter training starts from
     */
    public Adapter(Weights base, LoraAdapter start) {
      this(base, start, Set.of());
    }

    /**
     * The same adapter with weights trained besides.
     *
     * @param trained names of weights
     * @return the adapter and those
     */
    public Adapter and(Set<String> trained) {
      return new Adapter(base, start, trained);
    }

    @Override
    public FlatParameters toParameters() {
      return start.toParameters(base.select(names).tensors());
    }
  }

  private static void requireFloats(Weights base, Set<String> trained) {
    Map<String, BlockFormat> quantised = base.quantised();
    for (String name : trained) {
      BlockFormat format = quantised.get(name);
      if (format != null) {
        throw new IllegalArgumentException(
            "weights that are trained must be float32 but '"
                + name
                + "' is quantised to "
                + format.bits()
                + " bits and frozen; train an adapter of the quantised model, or the float32 model"
                + " itself");
      }
    }
  }

  /**
   * Trains every weight.
   *
   * @param base the model's weights
   * @return all of them
   */
  static Trainable all(Weights base) {
    return new FullWeights(base, base.names());
  }

  /**
   * Trains some weights.
   *
   * @param base the model's weights
   * @param trained tells by name which; at least one
   * @return those
   */
  static Trainable weights(Weights base, Predicate<String> trained) {
    return new FullWeights(
        base, base.names().stream().filter(trained).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Trains a new adapter that at first changes nothing.
   *
   * @param base the model's weights, which stay as they are
   * @param architecture the model's architecture
   * @param config settings
   * @return the adapter's matrices
   * @throws IllegalArgumentException when the model has none of the parts the settings name
   */
  static Adapter adapter(Weights base, Architecture architecture, LoraConfig config) {
    boolean inOut = architecture.config().linear() == LinearLayout.IN_OUT;
    Map<String, LoraAdapter.LinearShape> linears = new LinkedHashMap<>();
    for (Parameter p : architecture.parameters()) {
      if (p.role() == Role.LINEAR_WEIGHT && config.targets().contains(p.part())) {
        int first = Math.toIntExact(p.shape()[0]);
        int second = Math.toIntExact(p.shape()[1]);
        linears.put(
            p.name(),
            inOut
                ? new LoraAdapter.LinearShape(first, second)
                : new LoraAdapter.LinearShape(second, first));
      }
    }
    if (linears.isEmpty()) {
      throw new IllegalArgumentException(
          "targets must be parts that "
              + architecture.config().modelType()
              + " has but were "
              + config.targets());
    }
    LoraAdapter start = LoraAdapter.initial(config, linears);
    LinearLayout layout = architecture.config().linear();
    return new Adapter(base, config.dora() ? start.withMagnitudes(base, layout) : start);
  }

  /**
   * Trains an adapter further that the model has already.
   *
   * @param base the model's weights without the adapter, which stay as they are
   * @param architecture the model's architecture
   * @param start the adapter training starts from
   * @param config settings asked for, which must be those of {@code start}: rank, scale, magnitudes
   *     and, of the parts the model has, targets; no number is drawn, so that the seed may differ
   * @return the adapter's matrices
   * @throws IllegalArgumentException when the settings are others
   */
  static Adapter adapter(
      Weights base, Architecture architecture, LoraAdapter start, LoraConfig config) {
    Set<Part> parts = linearParts(architecture);
    String present = settings(start.config(), parts);
    String asked = settings(config, parts);
    if (!asked.equals(present)) {
      throw new IllegalArgumentException(
          "adapter must be the settings of the adapter that the model has already, "
              + present
              + ", to train it further, but was "
              + asked
              + "; train with adapter(model.adapter().config()), or begin a new adapter over "
              + (base.quantised().isEmpty()
                  ? "model.merged()"
                  : "model.dequantised() merged and quantised again")
              + ", whose weights hold the present one");
    }
    return new Adapter(base, start);
  }

  private static Set<Part> linearParts(Architecture architecture) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    for (Parameter p : architecture.parameters()) {
      Part part = p.part();
      if (p.role() == Role.LINEAR_WEIGHT && part != null) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** What makes an adapter the one it is, whatever its numbers. */
  private static String settings(LoraConfig config, Set<Part> parts) {
    return "rank "
        + config.rank()
        + ", scale "
        + config.scale()
        + (config.dora() ? ", with magnitudes" : "")
        + ", targets "
        + parts.stream().filter(config.targets()::contains).toList();
  }
}
