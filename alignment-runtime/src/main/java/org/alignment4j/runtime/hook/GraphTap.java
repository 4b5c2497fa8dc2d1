package org.alignment4j.runtime.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * Emits edits around the named values of a forward pass and makes read ones outputs. The numbers
 * and masks of edits are inputs, so that one graph serves every edit of the same structure.
 */
final class GraphTap implements Tap {

  private record Numbered(int number, PointEdit.Structure edit) {}

  private final Ops ops;
  private final Set<String> reads;
  private final Set<String> differentiated;
  private final Map<String, List<Numbered>> edits = new LinkedHashMap<>();
  private final Map<String, Value> watched = new LinkedHashMap<>();

  /**
   * A tap.
   *
   * @param reads hook points that become outputs
   * @param differentiated hook points whose gradients are wanted
   */
  GraphTap(
      Ops ops, List<PointEdit.Structure> edits, Set<String> reads, Set<String> differentiated) {
    this.ops = ops;
    this.reads = Set.copyOf(reads);
    this.differentiated = Set.copyOf(differentiated);
    for (int i = 0; i < edits.size(); i++) {
      this.edits
          .computeIfAbsent(edits.get(i).point().name(), name -> new ArrayList<>())
          .add(new Numbered(i, edits.get(i)));
    }
  }

  static String maskInput(int edit) {
    return "edit." + edit + ".mask";
  }

  static String valueInput(int edit) {
    return "edit." + edit + ".value";
  }

  static String matrixInput(int edit, int matrix) {
    return "edit." + edit + ".matrix." + matrix;
  }

  /** The output that shows a custom edit's function what stands there. */
  static String presentOutput(int edit) {
    return "edit." + edit + ".present";
  }

  @Override
  public boolean wants(String hook) {
    return reads.contains(hook) || edits(hook);
  }

  @Override
  public boolean edits(String hook) {
    return edits.containsKey(hook) || differentiated.contains(hook);
  }

  @Override
  public Value at(String hook, Value value) {
    Value x = value;
    for (Numbered edit : edits.getOrDefault(hook, List.of())) {
      x = edited(edit.number(), edit.edit(), x);
    }
    if (differentiated.contains(hook)) {
      x = ops.watched(x);
      watched.put(hook, x);
    }
    if (reads.contains(hook)) {
      ops.graph().output(hook, x);
    }
    return x;
  }

  /** The values whose gradients are wanted, by hook point, once the forward pass is emitted. */
  Map<String, Value> watched() {
    return watched;
  }

  private Value edited(int number, PointEdit.Structure edit, Value x) {
    if (edit.form() == Form.CUSTOM) {
      ops.graph().output(presentOutput(number), x);
    }
    Value mask = ops.graph().input(maskInput(number), ElementType.BOOL, shape(x, edit.maskAxes()));
    Value value = ops.graph().parameter(valueInput(number), shape(x, edit.valueAxes()), false);
    Value changed =
        switch (edit.form()) {
          case SET, CUSTOM -> value;
          case SCALE -> ops.mul(x, value);
          case ADD -> ops.add(x, value);
          case AFFINE -> ops.add(ops.matMul(x, matrix(number, edit, 0)), value);
          case LOW_RANK -> {
            Value low = ops.matMul(ops.sub(x, value), matrix(number, edit, 0));
            yield ops.add(x, ops.matMul(low, matrix(number, edit, 1)));
          }
          case PROJECT -> ops.sub(x, ops.mul(ops.sumKeep(ops.mul(x, value), -1), value));
        };
    return ops.where(mask, changed, x);
  }

  private Value matrix(int number, PointEdit.Structure edit, int matrix) {
    List<Integer> sizes = edit.matrices().get(matrix);
    Shape shape = Shape.of(Dim.of(sizes.get(0)), Dim.of(sizes.get(1)));
    return ops.graph().parameter(matrixInput(number, matrix), shape, false);
  }

  private static Shape shape(Value x, List<Boolean> full) {
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < full.size(); i++) {
      dims.add(full.get(i) ? x.dim(i) : Dim.of(1));
    }
    return new Shape(dims);
  }
}
