package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Symbolic reverse-mode differentiation: extends a graph by the nodes that compute the gradient of
 * a scalar with respect to any of its values. First order only: the tape of a graph is played once.
 * The result is immutable and thread-safe; computing it changes the graph, which is not.
 */
public final class Gradients {

  private final Map<String, Value> dense;
  private final List<RowGradient> rows;

  private Gradients(Map<String, Value> dense, List<RowGradient> rows) {
    this.dense = Map.copyOf(dense);
    this.rows = List.copyOf(rows);
  }

  /**
   * Appends the gradient nodes of {@code loss} to its graph.
   *
   * @param graph the graph that computes the loss
   * @param loss a scalar of real type that depends on at least one trainable value
   * @return the gradients of every value the loss depends on
   * @throws IllegalArgumentException if the loss is not a scalar or depends on nothing trainable
   */
  public static Gradients of(Graph graph, Value loss) {
    return of(graph, loss, false);
  }

  /**
   * Appends the gradient nodes of {@code loss} as {@link #of(Graph, Value)} does, but such that
   * values within a {@linkplain Graph#section section} are not kept for the backward pass: it
   * computes them again, one section at a time, from the section's input (Chen et al. 2016,
   * "Training Deep Nets with Sublinear Memory Cost"). The same gradients, for less memory and one
   * more forward pass.
   *
   * @param graph the graph that computes the loss
   * @param loss a scalar of real type that depends on at least one trainable value
   * @return the gradients of every value the loss depends on
   * @throws IllegalArgumentException if the loss is not a scalar or depends on nothing trainable
   */
  public static Gradients recomputing(Graph graph, Value loss) {
    return of(graph, loss, true);
  }

  private static Gradients of(Graph graph, Value loss, boolean recompute) {
    if (loss.rank() != 0 || !loss.type().isReal()) {
      throw new IllegalArgumentException("loss must be a real scalar but was " + loss);
    }
    if (!loss.requiresGrad()) {
      throw new IllegalArgumentException("loss must depend on at least one trainable value");
    }
    List<Tape.Entry> tape = graph.tape().stop();
    Backward backward = new Backward(graph);
    backward.gradients.put(loss.name(), new Ops(graph).constant(1));
    List<Value> results = List.copyOf(graph.outputs().values());
    List<Section> sections = graph.tape().sections();
    int end = tape.size();
    for (int i = sections.size() - 1; i >= 0; i--) {
      Section section = sections.get(i);
      backward.play(tape.subList(section.endEntry(), end));
      end = section.firstEntry();
      List<Tape.Entry> entries = tape.subList(end, section.endEntry());
      List<Value> before = new ArrayList<>(backward.takeNew());
      if (i == sections.size() - 1) {
        before.addAll(results);
      }
      if (recompute) {
        new Replay(graph, section)
            .emit(
                backward.gradients.get(section.output().name()),
                before,
                () -> backward.play(entries));
      } else {
        backward.playAfter(before, section.output(), entries);
      }
    }
    backward.play(tape.subList(0, end));
    return new Gradients(backward.gradients, backward.rows);
  }

  /** The dense part of a value's gradient, if it has one. */
  public Optional<Value> dense(Value value) {
    return Optional.ofNullable(dense.get(value.name()));
  }

  /** Every row gradient of the graph, in order of emission. */
  public List<RowGradient> rows() {
    return rows;
  }

  private static final class Backward implements GradientSink {
    private final Ops ops;
    private final Map<String, Value> gradients = new HashMap<>();
    private final Set<String> inputs = new HashSet<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final List<RowGradient> rows = new ArrayList<>();

    Backward(Graph graph) {
      this.ops = new Ops(graph);
      graph.inputs().forEach(input -> inputs.add(input.name()));
    }

    /** Passes gradients through operations, last first. */
    void play(List<Tape.Entry> entries) {
      for (int i = entries.size() - 1; i >= 0; i--) {
        Tape.Entry entry = entries.get(i);
        List<@Nullable Value> outputGradients = new ArrayList<>();
        boolean reached = false;
        for (Value output : entry.outputs()) {
          Value g = gradients.get(output.name());
          outputGradients.add(g);
          reached |= g != null;
        }
        if (reached) {
          entry.vjp().apply(outputGradients, this);
        }
      }
    }

    /** Passes the gradient of a value through operations once other values are there. */
    void playAfter(List<Value> before, Value output, List<Tape.Entry> entries) {
      Value gradient = gradients.get(output.name());
      if (gradient == null || before.isEmpty()) {
        play(entries);
        return;
      }
      Graph graph = ops.graph();
      Barrier barrier = new Barrier(graph);
      Value zero = barrier.after(before);
      gradients.put(output.name(), barrier.held(gradient, zero));
      int from = graph.nodes().size();
      play(entries);
      barrier.waiting(graph.cut(from), zero).forEach(graph::append);
    }

    /** The gradients of inputs that have come or changed since the last call. */
    List<Value> takeNew() {
      List<Value> taken = changed.stream().map(gradients::get).toList();
      changed.clear();
      return taken;
    }

    @Override
    public boolean needs(Value value) {
      return value.requiresGrad();
    }

    @Override
    public void add(Value value, Value gradient) {
      if (!value.requiresGrad()) {
        return;
      }
      if (gradient.rank() != value.rank()) {
        throw new IllegalStateException(
            "gradient of " + value + " must have its shape but has " + gradient.shape());
      }
      Value present = gradients.get(value.name());
      gradients.put(value.name(), present == null ? gradient : ops.add(present, gradient));
      if (inputs.contains(value.name())) {
        changed.add(value.name());
      }
    }

    @Override
    public void addRows(Value parameter, Value ids, Value rowGradients) {
      if (parameter.requiresGrad()) {
        rows.add(new RowGradient(parameter, ids, rowGradients));
      }
    }
  }
}
