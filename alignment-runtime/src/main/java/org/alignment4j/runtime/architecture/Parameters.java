package org.alignment4j.runtime.architecture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.alignment4j.runtime.checkpoint.BlockFormat;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.QuantisedMatrix;
import org.alignment4j.runtime.graph.QuantisedMatrix.Kernel;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A graph's parameters: each is declared as an input the first time it is used, under its name in
 * the checkpoint. Linear layers named as LoRA targets gain two inputs of dynamic rank.
 */
final class Parameters {

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final WeightStorage storage;
  private final Predicate<String> trainable;
  private final Set<String> loraTargets;
  private final boolean loraTrainable;
  private final BiFunction<String, Value, Value> loraInput;
  private final DecoderGraph.Gains loraGains;
  private final Map<String, Value> declared = new LinkedHashMap<>();
  private final Map<String, QuantisedMatrix> quantised = new LinkedHashMap<>();

  Parameters(Ops ops, Architecture architecture, DecoderGraph.Training training) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = architecture.config();
    this.storage = architecture.storage();
    this.trainable = training.weights();
    this.loraTargets = training.loraTargets();
    this.loraTrainable = training.loraTrainable();
    this.loraInput = training.loraInput();
    this.loraGains = training.loraGains();
  }

  /** A matrix {@code [out, in]} that is quantised, or null where it is float32. */
  @Nullable QuantisedMatrix quantised(String name, long out, long in) {
    BlockFormat format = storage.quantised().get(name);
    if (format == null) {
      return null;
    }
    if (trainable.test(name)) {
      throw new IllegalArgumentException(
          "weights that are trained must be float32 but '"
              + name
              + "' is quantised to "
              + format.bits()
              + " bits; train an adapter of the quantised model, or the float32 model itself");
    }
    Kernel packed =
        format.activations() == Activations.INT8 ? Kernel.PACKED_INTEGER : Kernel.PACKED;
    return quantised.computeIfAbsent(
        name,
        n ->
            new QuantisedMatrix(
                graph,
                n,
                out,
                in,
                format.bits(),
                format.blockSize(),
                storage.packed() ? packed : Kernel.DEQUANTISING));
  }

  Value vector(String name, long size) {
    return declare(name, Shape.of(size), trainable.test(name));
  }

  Value table(String name, long rows, long width) {
    return declare(name, Shape.of(rows, width), trainable.test(name));
  }

  /** Rows of a table {@code [rows, width]}, by their ids. */
  Value rows(String name, long rows, long width, Value ids) {
    QuantisedMatrix table = quantised(name, rows, width);
    return table == null ? ops.embed(table(name, rows, width), ids) : layers.embed(table, ids);
  }

  /** {@code x·Wᵀ + b} with a table {@code [out, in]}. */
  Value project(Value x, String name, long out, long in, @Nullable Value bias) {
    QuantisedMatrix matrix = quantised(name, out, in);
    return matrix == null
        ? layers.linear(x, table(name, out, in), bias, true)
        : layers.linear(x, matrix, bias);
  }

  /** A linear weight in the checkpoint's layout. */
  private Value weight(String name, long in, long out) {
    QuantisedMatrix matrix = quantised(name, out, in);
    if (matrix != null) {
      Value w = layers.dequantised(matrix);
      return config.linear() == DecoderConfig.LinearLayout.IN_OUT ? ops.transpose(w, 1, 0) : w;
    }
    return config.linear() == DecoderConfig.LinearLayout.IN_OUT
        ? table(name, in, out)
        : table(name, out, in);
  }

  /**
   * {@code x·W + b}, plus the low-rank product where the weight is a LoRA target, both rescaled
   * where it has gains.
   */
  Value linear(Value x, String weight, @Nullable String bias, long in, long out) {
    boolean transposed = config.linear() == DecoderConfig.LinearLayout.OUT_IN;
    boolean rescaled = rescaled(weight);
    Value b = bias == null ? null : vector(bias, out);
    Value added = rescaled ? null : b;
    QuantisedMatrix matrix = quantised(weight, out, in);
    Value y =
        matrix == null
            ? layers.linear(x, weight(weight, in, out), added, transposed)
            : layers.linear(x, matrix, added);
    if (!loraTargets.contains(weight)) {
      return y;
    }
    Value read = loraInput.apply(weight, x);
    Value narrow = ops.mul(layers.linear(read, loraA(weight, in), null, true), loraScale(weight));
    Value low = layers.linear(narrow, loraB(weight, out), null, true);
    if (!rescaled) {
      return ops.add(y, low);
    }
    Value gain = gain(weight, in, out);
    Value z;
    if (read.equals(x)) {
      z = ops.mul(ops.add(y, low), gain);
    } else {
      // The change of the weight as a whole reads what its low-rank part reads: y + (gain - 1)·y'.
      Value same =
          matrix == null
              ? layers.linear(read, weight(weight, in, out), null, transposed)
              : layers.linear(read, matrix, null);
      z = ops.add(ops.sub(y, same), ops.mul(ops.add(same, low), gain));
    }
    return b == null ? z : ops.add(z, b);
  }

  /** The matrix that {@link #linear} multiplies with, low-rank product included, as stored. */
  Value effectiveWeight(String name, long in, long out) {
    if (!loraTargets.contains(name)) {
      return weight(name, in, out);
    }
    Value updated = updated(name, in, out);
    if (!rescaled(name)) {
      return updated;
    }
    Value gain = gain(name, in, out);
    return ops.mul(
        updated,
        config.linear() == DecoderConfig.LinearLayout.IN_OUT
            ? gain
            : ops.reshape(gain, Shape.of(out, 1)));
  }

  /** {@code W + s·B·A}, as stored. */
  private Value updated(String name, long in, long out) {
    Value a = loraA(name, in);
    Value b = loraB(name, out);
    Value low =
        config.linear() == DecoderConfig.LinearLayout.IN_OUT
            ? ops.matMul(a, true, b, true, 1)
            : ops.matMul(b, a);
    return ops.add(weight(name, in, out), ops.mul(low, loraScale(name)));
  }

  private boolean rescaled(String name) {
    return loraGains.targets().contains(name);
  }

  /** What each output of an adapted weight is multiplied with, {@code [out]}. */
  private Value gain(String name, long in, long out) {
    if (loraGains.given()) {
      return declare(GraphNames.loraGain(name), Shape.of(out), false);
    }
    int inputs = config.linear() == DecoderConfig.LinearLayout.IN_OUT ? 0 : 1;
    Value norms = ops.sqrt(ops.sum(ops.square(updated(name, in, out)), inputs));
    Value magnitudes = declare(GraphNames.loraMagnitude(name), Shape.of(out), loraTrainable);
    return ops.div(magnitudes, ops.detached(norms));
  }

  private Value loraA(String weight, long in) {
    return declare(GraphNames.loraA(weight), Shape.of(rank(weight), Dim.of(in)), loraTrainable);
  }

  private Value loraB(String weight, long out) {
    return declare(GraphNames.loraB(weight), Shape.of(Dim.of(out), rank(weight)), loraTrainable);
  }

  private static Dim rank(String weight) {
    return Dim.symbol("rank of " + weight);
  }

  private Value loraScale(String weight) {
    return declare(GraphNames.loraScale(weight), Shape.scalar(), false);
  }

  private Value declare(String name, Shape shape, boolean train) {
    Value present = declared.get(name);
    if (present == null) {
      present = graph.parameter(name, shape, train);
      declared.put(name, present);
    }
    return Objects.requireNonNull(present);
  }
}
