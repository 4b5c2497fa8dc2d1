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

  private static final Dim RANK = Dim.symbol("rank");

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final WeightStorage storage;
  private final Predicate<String> trainable;
  private final Set<String> loraTargets;
  private final boolean loraTrainable;
  private final BiFunction<String, Value, Value> loraInput;
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

  /** {@code x·W + b}, plus the low-rank product where the weight is a LoRA target. */
  Value linear(Value x, String weight, @Nullable String bias, long in, long out) {
    Value b = bias == null ? null : vector(bias, out);
    QuantisedMatrix matrix = quantised(weight, out, in);
    boolean outIn = config.linear() == DecoderConfig.LinearLayout.OUT_IN;
    Value y =
        matrix == null
            ? layers.linear(x, weight(weight, in, out), b, outIn)
            : layers.linear(x, matrix, b);
    if (!loraTargets.contains(weight)) {
      return y;
    }
    Value read = loraInput.apply(weight, x);
    Value low = ops.mul(layers.linear(read, loraA(weight, in), null, true), loraScale());
    return ops.add(y, layers.linear(low, loraB(weight, out), null, true));
  }

  /** The matrix that {@link #linear} multiplies with, low-rank product included, as stored. */
  Value effectiveWeight(String name, long in, long out) {
    Value w = weight(name, in, out);
    if (!loraTargets.contains(name)) {
      return w;
    }
    Value a = loraA(name, in);
    Value b = loraB(name, out);
    Value low =
        config.linear() == DecoderConfig.LinearLayout.IN_OUT
            ? ops.matMul(a, true, b, true, 1)
            : ops.matMul(b, a);
    return ops.add(w, ops.mul(low, loraScale()));
  }

  private Value loraA(String weight, long in) {
    return declare(GraphNames.loraA(weight), Shape.of(RANK, Dim.of(in)), loraTrainable);
  }

  private Value loraB(String weight, long out) {
    return declare(GraphNames.loraB(weight), Shape.of(Dim.of(out), RANK), loraTrainable);
  }

  private Value loraScale() {
    return declare(GraphNames.LORA_SCALE, Shape.scalar(), false);
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
