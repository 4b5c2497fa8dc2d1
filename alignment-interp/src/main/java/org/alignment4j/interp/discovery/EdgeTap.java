package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** Sees what parts of a decoder write and read while its graph is emitted. */
abstract class EdgeTap implements Tap {

  /** Ports of one kind in one layer: neighbours among the ports, which read the same sources. */
  record PortGroup(int first, int count, int sources) {}

  final Ops ops;
  final ComputationGraph graph;
  private final Map<String, HookPoint<?>> hooks = new HashMap<>();

  EdgeTap(Ops ops, ComputationGraph graph) {
    this.ops = ops;
    this.graph = graph;
    List<HookPoint<?>> points = new ArrayList<>();
    points.add(HookKind.RESID_PRE.point(0));
    points.add(HookKind.RESID_POST.point(graph.layers() - 1));
    for (int layer = 0; layer < graph.layers(); layer++) {
      for (HookKind kind :
          List.of(
              HookKind.Q_INPUT,
              HookKind.K_INPUT,
              HookKind.V_INPUT,
              HookKind.RESULT,
              HookKind.MLP_IN,
              HookKind.MLP_OUT)) {
        points.add(kind.point(layer));
      }
    }
    points.forEach(point -> hooks.put(point.name(), point));
  }

  /**
   * What a part writes.
   *
   * @param first the first of neighbouring sources
   * @param value {@code [batch, seq, sources, dModel]}
   * @return what everything after it reads; same shape
   */
  abstract Value written(int first, Value value);

  /**
   * What inputs read.
   *
   * @param value {@code [batch, seq, ports, dModel]}
   * @return what they read instead; same shape
   */
  abstract Value read(PortGroup group, Value value);

  @Override
  public final boolean wants(String hook) {
    return hooks.containsKey(hook);
  }

  @Override
  public final Value at(String hook, Value value) {
    HookPoint<?> point = Objects.requireNonNull(hooks.get(hook));
    int layer = point.layer();
    return switch (point.kind()) {
      case RESID_PRE -> written(new Node.Input(), value);
      case MLP_OUT -> written(new Node.Mlp(layer), value);
      case RESULT -> written(graph.index(new Node.Head(layer, 0)), value);
      case Q_INPUT -> read(new Port(Port.Kind.QUERY, layer, 0), graph.heads(), value);
      case K_INPUT -> read(new Port(Port.Kind.KEY, layer, 0), graph.keyValueHeads(), value);
      case V_INPUT -> read(new Port(Port.Kind.VALUE, layer, 0), graph.keyValueHeads(), value);
      case MLP_IN -> single(new Port(Port.Kind.MLP, layer, -1), value);
      default -> single(new Port(Port.Kind.LOGITS, -1, -1), value);
    };
  }

  private Value written(Node source, Value value) {
    return flat(written(graph.index(source), tall(value)), value);
  }

  private Value single(Port port, Value value) {
    return flat(read(port, 1, tall(value)), value);
  }

  private Value read(Port port, int count, Value value) {
    return read(new PortGroup(graph.index(port), count, graph.sourcesBefore(port)), value);
  }

  private Value tall(Value value) {
    return ops.reshape(value, Shape.of(value.dim(0), value.dim(1), Dim.of(1), value.dim(2)));
  }

  private Value flat(Value changed, Value like) {
    return ops.reshape(changed, like.shape());
  }

  /** The first sources of an array {@code [batch, seq, sources, dModel]}. */
  final Value firstSources(Value all, int count) {
    int rest = graph.sourceCount() - count;
    return rest == 0 ? all : ops.split(all, 2, count, rest).get(0);
  }

  /** An array {@code [batch, seq, sources, dModel]} by neighbouring sources that write together. */
  final Map<Integer, Value> bySource(Value all, int axis) {
    long[] sizes = new long[1 + 2 * graph.layers()];
    sizes[0] = 1;
    for (int layer = 0; layer < graph.layers(); layer++) {
      sizes[1 + 2 * layer] = graph.heads();
      sizes[2 + 2 * layer] = 1;
    }
    List<Value> parts = ops.split(all, axis, sizes);
    Map<Integer, Value> bySource = new HashMap<>();
    int first = 0;
    for (int i = 0; i < sizes.length; i++) {
      bySource.put(first, parts.get(i));
      first += (int) sizes[i];
    }
    return bySource;
  }

  /** An input {@code [batch, seq, sources, dModel]} of another run's activations. */
  final Value activations(String name, Value like) {
    return ops.graph()
        .parameter(
            name,
            Shape.of(like.dim(0), like.dim(1), Dim.of(graph.sourceCount()), like.dim(3)),
            false);
  }

  /** The groups of ports, known without a graph. */
  static List<PortGroup> groups(ComputationGraph graph) {
    List<PortGroup> groups = new ArrayList<>();
    List<Port> ports = graph.ports();
    for (int i = 0; i < ports.size(); i++) {
      if (ports.get(i).head() <= 0) {
        int end = i + 1;
        while (end < ports.size() && ports.get(end).head() > 0) {
          end++;
        }
        groups.add(new PortGroup(i, end - i, graph.sourcesBefore(ports.get(i))));
      }
    }
    return groups;
  }
}
