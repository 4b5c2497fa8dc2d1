package org.alignment4j.runtime.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The functions of a model and what calls them. A runtime replaces each call by the function's
 * nodes, calls in there included, so that a few hundred bytes can stand for any number of nodes.
 * Not thread-safe.
 */
final class OnnxFunctions {

  /** Deeper than exporters nest their modules. */
  private static final int MAX_DEPTH = 90;

  /** The nodes of a graph or of a function, those of its inner graphs included. */
  static final class Body {
    private final Map<String, Long> calls = new HashMap<>();
    private long nodes;

    /** Adds a node. */
    void node(String operator) {
      nodes++;
      calls.merge(operator, 1L, Long::sum);
    }

    long nodes() {
      return nodes;
    }
  }

  private final Map<String, Body> functions = new HashMap<>();
  private final Map<String, Long> sizes = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /** Identifies an operator or a function. */
  static String key(String domain, String name, String overload) {
    return (domain.equals("ai.onnx") ? "" : domain) + "\n" + name + "\n" + overload;
  }

  /**
   * Adds a function.
   *
   * @throws ProtoReader.DamagedException if there is one of that key
   */
  void add(String key, Body body) {
    if (functions.put(key, body) != null) {
      throw new ProtoReader.DamagedException(
          "defines the function '" + OnnxTensors.shown(key.replace('\n', ' ').strip()) + "' twice");
    }
  }

  /**
   * How many nodes a body has once every call is replaced; at most {@link Long#MAX_VALUE}.
   *
   * @throws ProtoReader.DamagedException if functions call themselves or nest too deeply
   */
  long size(Body body) {
    long size = body.nodes;
    for (Map.Entry<String, Long> call : body.calls.entrySet()) {
      Body callee = functions.get(call.getKey());
      if (callee != null) {
        size = plus(size, times(call.getValue(), size(call.getKey(), callee)));
      }
    }
    return size;
  }

  private long size(String key, Body body) {
    Long known = sizes.get(key);
    if (known != null) {
      return known;
    }
    if (open.size() == MAX_DEPTH || !open.add(key)) {
      throw new ProtoReader.DamagedException(
          "its functions call themselves or nest deeper than " + MAX_DEPTH);
    }
    long size = size(body);
    open.remove(key);
    sizes.put(key, size);
    return size;
  }

  private static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static long times(long a, long b) {
    return a > Long.MAX_VALUE / Math.max(1, b) ? Long.MAX_VALUE : a * b;
  }
}
