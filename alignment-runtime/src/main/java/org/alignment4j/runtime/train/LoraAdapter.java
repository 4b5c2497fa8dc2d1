package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.LoraInputs;
import org.apiguardian.api.API;

/**
 * Low-rank adapters of a model's linear weights. Immutable and thread-safe.
 *
 * @param config settings; the rank and the scale of every pair that has no scale of its own
 * @param matrices A and B by the name of the adapted weight, in a fixed order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoraAdapter(LoraConfig config, Map<String, LoraMatrices> matrices) {
  /**
   * Widths of a linear.
   *
   * @param in width of its input
   * @param out width of its output
   */
  public record LinearShape(int in, int out) {
    public LinearShape {
      if (in < 1 || out < 1) {
        throw new IllegalArgumentException(
            "in and out must be positive but were " + in + " and " + out);
      }
    }
  }

  /**
   * Checks the ranks.
   *
   * @throws IllegalArgumentException when a pair without a scale of its own has another rank than
   *     the settings, from which its scale follows
   */
  public LoraAdapter {
    matrices = Collections.unmodifiableMap(new LinkedHashMap<>(matrices));
    for (Map.Entry<String, LoraMatrices> entry : matrices.entrySet()) {
      LoraMatrices pair = entry.getValue();
      if (pair.scale() == null && pair.rank() != config.rank()) {
        throw new IllegalArgumentException(
            "the adapter of "
                + entry.getKey()
                + " must have rank "
                + config.rank()
                + " but has "
                + pair.rank());
      }
    }
  }

  /**
   * Creates adapters that change nothing yet: B is zero and A uniform in {@code ±1/sqrt(in)}
   * (Kaiming uniform with {@code a = sqrt(5)}, as PEFT does). The numbers of a weight depend on the
   * seed and its name only.
   *
   * @param config settings
   * @param linears widths of the weights to adapt, by name
   * @return the adapters
   * @throws IllegalArgumentException when a matrix would have 2 GiB or more
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public static LoraAdapter initial(LoraConfig config, Map<String, LinearShape> linears) {
    Map<String, LoraMatrices> matrices = new LinkedHashMap<>();
    linears.forEach(
        (name, shape) -> {
          requireSize(name, config.rank(), shape);
          FloatBuffer a = FlatParameters.allocate(config.rank() * shape.in());
          SplittableRandom random = new SplittableRandom(config.seed() ^ hash(name));
          double bound = 1 / Math.sqrt(shape.in());
          for (int i = 0; i < a.limit(); i++) {
            a.put(i, (float) ((2 * random.nextDouble() - 1) * bound));
          }
          FloatBuffer b = FlatParameters.allocate(shape.out() * config.rank());
          matrices.put(
              name,
              new LoraMatrices(
                  new WeightTensor(aName(name), new long[] {config.rank(), shape.in()}, a),
                  new WeightTensor(bName(name), new long[] {shape.out(), config.rank()}, b)));
        });
    return new LoraAdapter(config, matrices);
  }

  private static void requireSize(String name, int rank, LinearShape shape) {
    long largest = (long) rank * Math.max(shape.in(), shape.out());
    if (largest > FlatLayout.MAX_FLOATS) {
      throw new IllegalArgumentException(
          "a matrix of an adapter must have at most "
              + FlatLayout.MAX_FLOATS
              + " elements but rank "
              + rank
              + " makes "
              + largest
              + " of "
              + name
              + "; lower the rank");
    }
  }

  /** FNV-1a, 64 bits. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /**
   * Returns the name of a weight's A among trained parameters.
   *
   * @param weight name of the adapted weight
   * @return its name
   */
  public static String aName(String weight) {
    return GraphNames.loraA(weight);
  }

  /**
   * Returns the name of a weight's B among trained parameters.
   *
   * @param weight name of the adapted weight
   * @return its name
   */
  public static String bName(String weight) {
    return GraphNames.loraB(weight);
  }

  /**
   * Returns the name of a weight's magnitudes among trained parameters.
   *
   * @param weight name of the adapted weight
   * @return its name
   */
  public static String magnitudeName(String weight) {
    return GraphNames.loraMagnitude(weight);
  }

  /**
   * Returns the factor s of a weight.
   *
   * @param weight name of the adapted weight
   * @return the pair's own, or that of the settings
   * @throws IllegalArgumentException when the weight is not adapted
   */
  public double scale(String weight) {
    LoraMatrices pair = matrices.get(weight);
    if (pair == null) {
      throw new IllegalArgumentException("weight must be adapted but was " + weight);
    }
    Double own = pair.scale();
    return own == null ? config.scale() : own;
  }

  /**
   * Returns the weights whose outputs have magnitudes.
   *
   * @return their names; none for an adapter that is no DoRA
   */
  public Set<String> decomposed() {
    return matrices.entrySet().stream()
        .filter(e -> e.getValue().magnitude() != null)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Gives every weight the magnitudes with which its adapter does what it did without (DoRA, Liu et
   * al. 2024, section 4.1): the norms of {@code W + s·B·A}, output by output.
   *
   * @param base the model's weights; left as they are
   * @param layout layout of its linear weights
   * @return an adapter with magnitudes
   * @throws IllegalArgumentException when a weight has another shape
   * @throws org.alignment4j.api.CheckpointException when a weight is missing
   */
  public LoraAdapter withMagnitudes(Weights base, LinearLayout layout) {
    Map<String, LoraMatrices> decomposed = new LinkedHashMap<>();
    matrices.forEach(
        (name, pair) -> {
          double[] norms = new AdaptedRows(base.get(name), pair, scale(name), layout).norms();
          float[] magnitudes = new float[norms.length];
          for (int o = 0; o < norms.length; o++) {
            magnitudes[o] = (float) norms[o];
          }
          WeightTensor magnitude =
              WeightTensor.of(magnitudeName(name), new long[] {norms.length}, magnitudes);
          decomposed.put(name, new LoraMatrices(pair.a(), pair.b(), pair.scale(), magnitude));
        });
    return new LoraAdapter(config, decomposed);
  }

  /**
   * Copies the matrices to where they can be trained.
   *
   * @return flat parameters named by {@link #aName}, {@link #bName} and {@link #magnitudeName}
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public FlatParameters toParameters() {
    return toParameters(List.of());
  }

  /** The matrices, and copies of other tensors after them. */
  FlatParameters toParameters(Collection<WeightTensor> others) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    matrices.forEach(
        (name, pair) -> {
          tensors.put(aName(name), pair.a());
          shapes.put(aName(name), List.of(pair.rank(), pair.in()));
          tensors.put(bName(name), pair.b());
          shapes.put(bName(name), List.of(pair.out(), pair.rank()));
          WeightTensor magnitude = pair.magnitude();
          if (magnitude != null) {
            tensors.put(magnitudeName(name), magnitude);
            shapes.put(magnitudeName(name), List.of(pair.out()));
          }
        });
    for (WeightTensor other : others) {
      tensors.put(other.name(), other);
      shapes.put(other.name(), FlatLayout.dimensions(other));
    }
    return FlatParameters.copyOf(FlatLayout.of(shapes), tensors);
  }

  /**
   * Returns adapters with trained values.
   *
   * @param parameters as {@link #toParameters()} made them; copied
   * @return new adapters of the same weights
   * @throws IllegalArgumentException when a matrix is missing
   */
  public LoraAdapter withParameters(FlatParameters parameters) {
    Map<String, LoraMatrices> trained = new LinkedHashMap<>();
    matrices.forEach(
        (name, pair) ->
            trained.put(
                name,
                new LoraMatrices(
                    parameters.snapshot(aName(name)),
                    parameters.snapshot(bName(name)),
                    pair.scale(),
                    pair.magnitude() == null ? null : parameters.snapshot(magnitudeName(name)))));
    return new LoraAdapter(config, trained);
  }

  /**
   * Returns the same adapter of weights under other names.
   *
   * @param names the new name of every adapted weight by its present one
   * @return the adapter of those
   * @throws IllegalArgumentException when the name of an adapted weight is missing
   */
  public LoraAdapter renamed(Map<String, String> names) {
    Map<String, LoraMatrices> renamed = new LinkedHashMap<>();
    matrices.forEach(
        (name, pair) -> {
          String other = names.get(name);
          if (other == null) {
            throw new IllegalArgumentException(
                "names must have every adapted weight but lacks " + name);
          }
          renamed.put(other, pair);
        });
    return new LoraAdapter(config, renamed);
  }

  /**
   * Adds {@code s·B·A} to every adapted weight, in double, and gives what each output then reads
   * its magnitude where it has one.
   *
   * @param base the model's weights; left as they are
   * @param layout layout of its linear weights
   * @return weights that share every other tensor with {@code base}
   * @throws IllegalArgumentException when a weight has another shape, or no direction to which to
   *     give a magnitude
   * @throws org.alignment4j.api.CheckpointException when a weight is missing
   */
  public Weights mergedInto(Weights base, LinearLayout layout) {
    List<WeightTensor> merged = new ArrayList<>();
    matrices.forEach(
        (name, pair) -> merged.add(LoraMerge.merge(base.get(name), pair, scale(name), layout)));
    return base.with(merged);
  }

  /**
   * Takes this adapter out of weights it was merged into. Subtracting rounds, so the adapted
   * weights are those of the base, in every bit, once they are known to be what merging made of
   * them.
   *
   * @param merged weights from {@link #mergedInto}; others than the adapted may have changed since
   * @param base the weights it was merged into
   * @param layout layout of the linear weights
   * @return {@code merged} with the adapted weights of {@code base}
   * @throws IllegalArgumentException when an adapted weight is not what merging makes of the base
   * @throws org.alignment4j.api.CheckpointException when a weight is missing
   */
  public Weights unmergedFrom(Weights merged, Weights base, LinearLayout layout) {
    List<StoredTensor> restored = new ArrayList<>();
    matrices.forEach(
        (name, pair) -> {
          WeightTensor expected = LoraMerge.merge(base.get(name), pair, scale(name), layout);
          WeightTensor found = merged.get(name);
          if (found.data().mismatch(expected.data()) != -1) {
            throw new IllegalArgumentException(
                "merged must hold what merging this adapter into base makes of '"
                    + name
                    + "' but holds something else; it was changed since, or is of other weights");
          }
          restored.add(base.stored(name));
        });
    return merged.with(restored);
  }

  /**
   * Returns what graphs of a model with this adapter read.
   *
   * @param base the model's weights, whose norms decide what magnitudes do
   * @param layout layout of its linear weights
   * @return matrices, scales and gains
   * @throws IllegalArgumentException when a weight with magnitudes has another shape, or no
   *     direction
   * @throws org.alignment4j.api.CheckpointException when a weight with magnitudes is missing
   */
  public LoraInputs inputs(Weights base, LinearLayout layout) {
    List<WeightTensor> tensors = new ArrayList<>(scales());
    matrices.forEach(
        (name, pair) -> {
          tensors.add(renamed(aName(name), pair.a()));
          tensors.add(renamed(bName(name), pair.b()));
          WeightTensor magnitude = pair.magnitude();
          if (magnitude != null) {
            AdaptedRows rows = new AdaptedRows(base.get(name), pair, scale(name), layout);
            double[] gains = rows.gains(magnitude);
            float[] rounded = new float[gains.length];
            for (int o = 0; o < gains.length; o++) {
              rounded[o] = (float) gains[o];
            }
            tensors.add(WeightTensor.of(GraphNames.loraGain(name), magnitude.shape(), rounded));
          }
        });
    return new LoraInputs(matrices.keySet(), decomposed(), tensors);
  }

  /**
   * Returns every number the adapter consists of, whatever it is of.
   *
   * @return matrices, scales and magnitudes under names of their own
   */
  public Weights tensors() {
    List<WeightTensor> tensors = new ArrayList<>(scales());
    matrices.forEach(
        (name, pair) -> {
          tensors.add(renamed(aName(name), pair.a()));
          tensors.add(renamed(bName(name), pair.b()));
          WeightTensor magnitude = pair.magnitude();
          if (magnitude != null) {
            tensors.add(renamed(magnitudeName(name), magnitude));
          }
        });
    return Weights.of(tensors);
  }

  /** The scale of every weight as graphs read it. */
  List<WeightTensor> scales() {
    return matrices.keySet().stream()
        .map(
            name ->
                WeightTensor.of(
                    GraphNames.loraScale(name), new long[0], new float[] {(float) scale(name)}))
        .toList();
  }

  private static WeightTensor renamed(String name, WeightTensor tensor) {
    return new WeightTensor(name, tensor.shape(), tensor.data());
  }
}
