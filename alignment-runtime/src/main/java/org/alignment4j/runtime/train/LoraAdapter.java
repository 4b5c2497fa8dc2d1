package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * Low-rank adapters of a model's linear weights. Immutable and thread-safe.
 *
 * @param config settings
 * @param matrices A and B by the name of the adapted weight, in a fixed order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoraAdapter(LoraConfig config, Map<String, LoraMatrices> matrices) {
  private static final String A = ".lora_A";
  private static final String B = ".lora_B";

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

  public LoraAdapter {
    matrices = Collections.unmodifiableMap(new LinkedHashMap<>(matrices));
    for (Map.Entry<String, LoraMatrices> entry : matrices.entrySet()) {
      if (entry.getValue().rank() != config.rank()) {
        throw new IllegalArgumentException(
            "the adapter of "
                + entry.getKey()
                + " must have rank "
                + config.rank()
                + " but has "
                + entry.getValue().rank());
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
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public static LoraAdapter initial(LoraConfig config, Map<String, LinearShape> linears) {
    Map<String, LoraMatrices> matrices = new LinkedHashMap<>();
    linears.forEach(
        (name, shape) -> {
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
    return weight + A;
  }

  /**
   * Returns the name of a weight's B among trained parameters.
   *
   * @param weight name of the adapted weight
   * @return its name
   */
  public static String bName(String weight) {
    return weight + B;
  }

  /**
   * Copies the matrices to where they can be trained.
   *
   * @return flat parameters named by {@link #aName} and {@link #bName}
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
    for (String name : matrices.keySet()) {
      trained.put(
          name,
          new LoraMatrices(parameters.snapshot(aName(name)), parameters.snapshot(bName(name))));
    }
    return new LoraAdapter(config, trained);
  }

  /**
   * Adds {@code s·B·A} to every adapted weight, in double.
   *
   * @param base the model's weights; left as they are
   * @param layout layout of its linear weights
   * @return weights that share every other tensor with {@code base}
   * @throws IllegalArgumentException when a weight has another shape
   * @throws org.alignment4j.api.CheckpointException when a weight is missing
   */
  public Weights mergedInto(Weights base, LinearLayout layout) {
    List<WeightTensor> merged = new ArrayList<>();
    matrices.forEach(
        (name, pair) -> merged.add(LoraMerge.merge(base.get(name), pair, config.scale(), layout)));
    return base.with(merged);
  }
}
