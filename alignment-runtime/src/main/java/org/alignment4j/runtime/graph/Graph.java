package org.alignment4j.runtime.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An ONNX graph under construction: inputs, constants, nodes, outputs, and the tape that {@link
 * Gradients} plays backwards. {@link Ops} and {@link Layers} emit into it. Not thread-safe.
 */
public final class Graph {

  private final ElementType real;
  private final boolean portable;
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> bound = new HashMap<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final List<Constant> constants = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Value> constantCache = new LinkedHashMap<>();
  private final Map<String, Value> reshaped = new HashMap<>();
  private final Map<String, Value> dimensionValues = new LinkedHashMap<>();
  private final Map<List<Dim>, Value> shapeValues = new LinkedHashMap<>();
  private final Tape tape = new Tape();
  private int counter;

  /**
   * Starts an empty graph.
   *
   * @param real the type of its real values: FLOAT, or DOUBLE to check formulas
   * @throws IllegalArgumentException for another type
   */
  public Graph(ElementType real) {
    this(real, false);
  }

  private Graph(ElementType real, boolean portable) {
    if (!real.isReal()) {
      throw new IllegalArgumentException("real must be FLOAT or DOUBLE but was " + real);
    }
    this.real = real;
    this.portable = portable;
  }

  /**
   * Starts an empty float32 graph of operators of the ONNX standard only, which any runtime of ONNX
   * has; slower than one that may use those of ONNX Runtime.
   */
  public static Graph portable() {
    return new Graph(ElementType.FLOAT, true);
  }

  /** Whether composites must be emitted as operators of the ONNX standard. */
  boolean elementary() {
    return portable || real == ElementType.DOUBLE;
  }

  /** The type of the graph's real values. */
  public ElementType real() {
    return real;
  }

  /**
   * Declares an input that no gradient reaches.
   *
   * @param name what runs feed it by
   * @param type of its elements
   * @param shape of it; a symbol has the same size wherever the graph names it
   * @return the input
   * @throws IllegalArgumentException when an input has this name
   */
  public Value input(String name, ElementType type, Shape shape) {
    return declare(new Value(name, type, shape, false));
  }

  /**
   * Declares a real input.
   *
   * @param name what runs feed it by
   * @param shape of it; a symbol has the same size wherever the graph names it
   * @param trainable whether gradients flow to it
   * @return the input
   * @throws IllegalArgumentException when an input has this name
   */
  public Value parameter(String name, Shape shape, boolean trainable) {
    return declare(new Value(name, real, shape, trainable));
  }

  /**
   * Computes what is declared later as an input: the declaration then gives this value, and runs
   * feed nothing by its name.
   *
   * @param name of the later input
   * @param value of this graph, with the later input's type and number of dimensions
   * @throws IllegalArgumentException when an input has this name
   */
  public void bind(String name, Value value) {
    if (inputs.containsKey(name) || bound.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("input " + name + " is declared twice");
    }
  }

  private Value declare(Value value) {
    Value computed = bound.get(value.name());
    if (computed != null) {
      if (computed.type() != value.type() || computed.rank() != value.rank()) {
        throw new IllegalArgumentException(
            "input " + value.name() + " must be " + value + " but is bound to " + computed);
      }
      return computed;
    }
    if (inputs.putIfAbsent(value.name(), value) != null) {
      throw new IllegalArgumentException("input " + value.name() + " is declared twice");
    }
    for (int axis = 0; axis < value.rank(); axis++) {
      if (value.dim(axis) instanceof Dim.Symbol s && !dimensionValues.containsKey(s.name())) {
        dimensionValues.put(
            s.name(), new Value(value.name(), ElementType.INT64, Shape.of(axis), false));
      }
    }
    return value;
  }

  /**
   * Makes a value an output under a name of its own.
   *
   * @param name what runs fetch it by
   * @param value of this graph; may be an output under other names too
   * @throws IllegalArgumentException when an output has this name
   */
  public void output(String name, Value value) {
    if (outputs.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("output " + name + " is declared twice");
    }
  }

  /** Whether the graph has an output of this name. */
  public boolean hasOutput(String name) {
    return outputs.containsKey(name);
  }

  /** Declared inputs in order. */
  public List<Value> inputs() {
    return List.copyOf(inputs.values());
  }

  /** Declared outputs in order, by name. */
  public Map<String, Value> outputs() {
    return new LinkedHashMap<>(outputs);
  }

  /** Says that a value has the elements of another in their order. */
  void reshaped(Value result, Value operand) {
    reshaped.put(result.name(), operand);
  }

  /** The value whose elements a value has in their order, before any change of shape. */
  private Value unshaped(Value value) {
    Value source = value;
    while (reshaped.containsKey(source.name())) {
      source = reshaped.get(source.name());
    }
    return source;
  }

  /** Emits a node with one output. */
  Value node(String opType, Type result, Map<String, ?> attributes, @Nullable Value... operands) {
    return nodes(opType, "", List.of(result), attributes, operands).get(0);
  }

  /** Emits a node of the contributed operator set with one output. */
  Value contrib(
      String opType, Type result, Map<String, ?> attributes, @Nullable Value... operands) {
    return nodes(opType, "com.microsoft", List.of(result), attributes, operands).get(0);
  }

  /**
   * Emits a node with several outputs; a gradient flows through each if it does through an input.
   */
  List<Value> nodes(
      String opType,
      String domain,
      List<Type> results,
      Map<String, ?> attributes,
      @Nullable Value... operands) {
    boolean grad = false;
    List<String> names = new ArrayList<>();
    for (Value v : operands) {
      names.add(v == null ? "" : v.name());
      grad |= v != null && v.requiresGrad();
    }
    List<Value> out = new ArrayList<>();
    for (Type t : results) {
      String name = opType + "_" + counter++;
      out.add(
          new Value(
              name, t.element(), t.shape(), grad && tape.recording() && t.element().isReal()));
    }
    nodes.add(
        new Node(
            opType, domain, names, out.stream().map(Value::name).toList(), Map.copyOf(attributes)));
    return out;
  }

  /** Nodes emitted so far, in order. */
  List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** Takes out the nodes from an index on. */
  List<Node> cut(int from) {
    List<Node> tail = nodes.subList(from, nodes.size());
    List<Node> taken = new ArrayList<>(tail);
    tail.clear();
    return taken;
  }

  /** Adds a node whose operands are emitted before it. */
  void append(Node node) {
    nodes.add(node);
  }

  /**
   * Emits a section of the graph, whose values the backward pass may compute again instead of
   * keeping them: see {@link Gradients#recomputing}.
   *
   * @param input the one value emitted earlier that the section reads, besides inputs of the graph
   *     and what depends on those alone
   * @param emission emits the section, from its input to its output
   * @return the section's output
   * @throws IllegalStateException within another section
   */
  public Value section(Value input, UnaryOperator<Value> emission) {
    return tape.section(input, emission, nodes::size);
  }

  /** Type and shape of a node's result. */
  record Type(ElementType element, Shape shape) {}

  /** The operations emitted so far, for their gradients. */
  Tape tape() {
    return tape;
  }

  /** A real constant. */
  Value constant(Shape shape, double... values) {
    ByteBuffer b = ByteBuffer.allocate(values.length * real.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      if (real == ElementType.FLOAT) {
        b.putFloat((float) v);
      } else {
        b.putDouble(v);
      }
    }
    return constant(real, shape, b.array());
  }

  /** An int64 constant; a vector, or a scalar when {@code scalar}. */
  Value longs(boolean scalar, long... values) {
    ByteBuffer b = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long v : values) {
      b.putLong(v);
    }
    return constant(
        ElementType.INT64, scalar ? Shape.scalar() : Shape.of(values.length), b.array());
  }

  /** A constant of any type. */
  Value constant(ElementType type, Shape shape, byte[] bytes) {
    String key = type + shape.toString() + Arrays.toString(bytes);
    Value present = constantCache.get(key);
    if (present != null) {
      return present;
    }
    long[] dims = new long[shape.rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = shape.size(i);
    }
    Value value = new Value("const_" + counter++, type, shape, false);
    constants.add(new Constant(value.name(), type, dims, bytes));
    constantCache.put(key, value);
    return value;
  }

  /** An int64 vector holding a shape, computed at run time where more than one size is unknown. */
  Value shapeVector(Shape shape) {
    if (shape.symbols() <= 1) {
      return longs(
          false,
          shape.dims().stream().mapToLong(d -> d instanceof Dim.Fixed f ? f.size() : -1).toArray());
    }
    return exactShape(shape);
  }

  /** An int64 vector holding a shape, every size of it computed. */
  Value exactShape(Shape shape) {
    Value cached = shapeValues.get(shape.dims());
    if (cached != null) {
      return cached;
    }
    Value vector =
        tape.unrecorded(
            () -> {
              Value[] parts = shape.dims().stream().map(this::dimension).toArray(Value[]::new);
              return node(
                  "Concat",
                  new Type(ElementType.INT64, Shape.of(parts.length)),
                  Map.of("axis", 0L),
                  parts);
            });
    shapeValues.put(shape.dims(), vector);
    return vector;
  }

  private Value dimension(Dim dim) {
    if (dim instanceof Dim.Fixed f) {
      return longs(false, f.size());
    }
    String symbol = ((Dim.Symbol) dim).name();
    String key = "=" + symbol;
    Value cached = dimensionValues.get(key);
    if (cached != null) {
      return cached;
    }
    Value source = dimensionValues.get(symbol);
    if (source == null) {
      throw new IllegalArgumentException("no input declares the dimension " + symbol);
    }
    Value input = Objects.requireNonNull(inputs.get(source.name()));
    Value whole =
        node("Shape", new Type(ElementType.INT64, Shape.of(input.rank())), Map.of(), input);
    Value value =
        node(
            "Gather",
            new Type(ElementType.INT64, Shape.of(1)),
            Map.of("axis", 0L),
            whole,
            longs(false, source.shape().size(0)));
    dimensionValues.put(key, value);
    return value;
  }

  /**
   * Returns the ONNX form of the graph.
   *
   * @return inputs and outputs declared so far, and what computes them
   */
  public GraphModel toModel() {
    return toModel(Set.of());
  }

  /**
   * Returns the ONNX form of the graph, some of its inputs being given when it is compiled.
   *
   * @param packed names of inputs of fixed shape; others are ignored
   * @return the remaining inputs and the outputs declared so far, and what computes them
   */
  public GraphModel toModel(Set<String> packed) {
    return toModel(packed, outputs(), Map.of());
  }

  /**
   * Returns the ONNX form of the graph for runs that read outputs element by element: those that
   * have the same elements in the same order are one output, whatever their shapes. That saves a
   * copy of each.
   *
   * @return inputs and outputs declared so far, and what computes them; the shape of an output may
   *     be another than the declared one, with the same elements
   */
  public GraphModel toElementwiseModel() {
    Map<String, Value> distinct = new LinkedHashMap<>();
    Map<String, String> first = new HashMap<>();
    Map<String, String> aliases = new HashMap<>();
    outputs.forEach(
        (name, value) -> {
          Value source = unshaped(value);
          String same = first.putIfAbsent(source.name(), name);
          if (same == null) {
            distinct.put(name, source);
          } else {
            aliases.put(name, same);
          }
        });
    return toModel(Set.of(), distinct, aliases);
  }

  private GraphModel toModel(
      Set<String> packed, Map<String, Value> outputs, Map<String, String> aliases) {
    List<Value> fed = inputs().stream().filter(v -> !packed.contains(v.name())).toList();
    List<Value> given = inputs().stream().filter(v -> packed.contains(v.name())).toList();
    return new GraphModel(
        fed,
        given,
        outputs,
        aliases,
        OnnxWriter.write(fed, given, outputs, constants, finished(outputs)));
  }

  /** The graph alone, without the inputs that a file holds itself. */
  ProtoMessage message(List<Value> fed, Map<String, Value> named, UnaryOperator<String> symbols) {
    return OnnxWriter.graph(fed, named, constants, finished(named), symbols);
  }

  /** The nodes, with what leaves the graph under the names it leaves by. */
  private List<Node> finished(Map<String, Value> named) {
    List<Node> all = new ArrayList<>();
    Map<String, String> renames = new LinkedHashMap<>();
    List<Node> identities = new ArrayList<>();
    for (Map.Entry<String, Value> e : named.entrySet()) {
      String produced = e.getValue().name();
      boolean computed = nodes.stream().anyMatch(n -> n.outputs().contains(produced));
      if (computed && !renames.containsKey(produced)) {
        renames.put(produced, e.getKey());
      } else {
        identities.add(
            new Node(
                "Identity",
                "",
                List.of(renames.getOrDefault(produced, produced)),
                List.of(e.getKey()),
                Map.of()));
      }
    }
    for (Node n : nodes) {
      all.add(
          new Node(
              n.opType(),
              n.domain(),
              n.inputs().stream().map(x -> renames.getOrDefault(x, x)).toList(),
              n.outputs().stream().map(x -> renames.getOrDefault(x, x)).toList(),
              n.attributes()));
    }
    all.addAll(identities);
    return all;
  }
}
