package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The operations of a graph in the order of their emission, each with the rule by which gradients
 * pass it; {@link Gradients} plays them backwards. Not thread-safe.
 */
final class Tape {

  /** One operation's outputs and its rule. */
  record Entry(List<Value> outputs, Vjp vjp) {}

  /** The rule of an operation with a single output; asked only when a gradient reaches it. */
  @FunctionalInterface
  interface SingleVjp {
    void apply(Value dy, GradientSink sink);
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();
  private boolean recording = true;
  private boolean inSection;

  boolean recording() {
    return recording;
  }

  void record(Value result, SingleVjp vjp) {
    record(List.of(result), (dys, sink) -> vjp.apply(Objects.requireNonNull(dys.get(0)), sink));
  }

  void record(List<Value> results, Vjp vjp) {
    if (recording && results.stream().anyMatch(Value::requiresGrad)) {
      entries.add(new Entry(List.copyOf(results), vjp));
    }
  }

  /** Emits without recording, for composites that carry their own gradient. */
  <T> T unrecorded(Supplier<T> emission) {
    boolean before = recording;
    recording = false;
    try {
      return emission.get();
    } finally {
      recording = before;
    }
  }

  /** A function of one value whose parts are not recorded, with a gradient of its own. */
  Value composite(Value a, Supplier<Value> forward, Function<Value, Value> backward) {
    Value y = dependent(unrecorded(forward), a);
    record(y, (dy, sink) -> sink.add(a, backward.apply(dy)));
    return y;
  }

  /** An unrecorded value, marked as depending on whatever any of the sources depends on. */
  Value dependent(Value unrecorded, Value... sources) {
    boolean grad = false;
    for (Value s : sources) {
      grad |= s.requiresGrad();
    }
    return new Value(unrecorded.name(), unrecorded.type(), unrecorded.shape(), grad && recording);
  }

  /** Notes where the operations and the nodes of a section start and end. */
  Value section(Value input, UnaryOperator<Value> emission, IntSupplier nodes) {
    if (inSection) {
      throw new IllegalStateException("a section of a graph must not lie within another");
    }
    int firstEntry = entries.size();
    int firstNode = nodes.getAsInt();
    inSection = true;
    try {
      Value output = emission.apply(input);
      sections.add(
          new Section(input, output, firstEntry, entries.size(), firstNode, nodes.getAsInt()));
      return output;
    } finally {
      inSection = false;
    }
  }

  /** The sections noted so far, in order. */
  List<Section> sections() {
    return List.copyOf(sections);
  }

  /** Ends the recording for good and gives what was recorded. */
  List<Entry> stop() {
    if (!recording) {
      throw new IllegalStateException("a graph can be differentiated only once");
    }
    recording = false;
    return List.copyOf(entries);
  }
}
