package org.alignment4j.runtime.architecture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
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
  private final Predicate<String> trainable;
  private final Set<String> loraTargets;
  private final boolean loraTrainable;
  private final BiFunction<String, Value, Value> loraInput;
  private final Map<String, Value> declared = new LinkedHashMap<>();

  Parameters(Ops ops, DecoderConfig config, DecoderGraph.Training training) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = config;
    this.trainable = training.weights();
    this.loraTargets = training.loraTargets();
    this.loraTrainable = training.loraTrainable();
    this.loraInput = training.loraInput();
  }

  Value vector(String name, long size) {
    return declare(name, Shape.of(size), trainable.test(name));
  }

  Value table(String name, long rows, long width) {
    return declare(name, Shape.of(rows, width), trainable.test(name));
  }

  /** A linear weight in the checkpoint's layout. */
  Value weight(String name, long in, long out) {
    return config.linear() == DecoderConfig.LinearLayout.IN_OUT
        ? table(name, in, out)
        : table(name, out, in);
  }

  /** {@code x·W + b}, plus the low-rank product where the weight is a LoRA target. */
  Value linear(Value x, String weight, @Nullable String bias, long in, long out) {
    Value y =
        layers.linear(
            x,
            weight(weight, in, out),
            bias == null ? null : vector(bias, out),
            config.linear() == DecoderConfig.LinearLayout.OUT_IN);
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
