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

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final Predicate<String> trainable;
  private final Set<String> loraTargets;
  private final boolean loraTrainable;
  private final BiFunction<String, Value, Value> loraInput;
  private final DecoderGraph.Gains loraGains;
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
    this.loraGains = training.loraGains();
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

  /**
   * {@code x·W + b}, plus the low-rank product where the weight is a LoRA target, both rescaled
   * where it has gains.
   */
  Value linear(Value x, String weight, @Nullable String bias, long in, long out) {
    boolean transposed = config.linear() == DecoderConfig.LinearLayout.OUT_IN;
    Value w = weight(weight, in, out);
    boolean rescaled = rescaled(weight);
    Value b = bias == null ? null : vector(bias, out);
    Value y = layers.linear(x, w, rescaled ? null : b, transposed);
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
      Value same = layers.linear(read, w, null, transposed);
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
