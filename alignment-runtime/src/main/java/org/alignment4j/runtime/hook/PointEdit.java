package org.alignment4j.runtime.hook;

import com.google.common.hash.Hasher;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.engine.Columns;
import org.jspecify.annotations.Nullable;

/**
 * One edit at one hook point, ready for graphs and runs.
 *
 * @param places what it changes
 * @param form how it appears in a graph
 * @param value its numbers; null where a function gives them in each run
 * @param matrices what it multiplies by, in the order of the formula
 * @param function computes the numbers; null unless the form is {@link Form#CUSTOM}
 * @param serial tells functions apart, which have no content to compare: by name, else each from
 *     all others; empty unless the form is {@link Form#CUSTOM}
 */
record PointEdit(
    Places places,
    Form form,
    @Nullable EditValue value,
    List<EditMatrix> matrices,
    @Nullable ActivationFunction function,
    String serial) {

  /**
   * What decides the nodes of an edit. Equal structures share a compiled graph.
   *
   * @param matrices the sizes of each matrix
   */
  record Structure(
      HookPoint<?> point,
      Form form,
      List<Boolean> maskAxes,
      List<Boolean> valueAxes,
      List<List<Integer>> matrices) {}

  /** An edit of numbers alone. */
  private static PointEdit plain(Places places, Form form, EditValue value, EditMatrix... by) {
    return new PointEdit(places, form, value, List.of(by), null, "");
  }

  static PointEdit of(Places places, Edit edit) {
    if (edit instanceof Edit.Zero) {
      return plain(places, Form.SET, EditValue.scalar(places, 0));
    }
    if (edit instanceof Edit.Scale scale) {
      return plain(places, Form.SCALE, EditValue.scalar(places, scale.factor()));
    }
    if (edit instanceof Edit.Add add) {
      return plain(places, Form.ADD, EditValue.of(places, add.values(), add.coefficient()));
    }
    if (edit instanceof Edit.Replace replace) {
      return plain(places, Form.SET, EditValue.of(places, replace.values(), 1));
    }
    if (edit instanceof Edit.PatchFrom patch) {
      return plain(places, Form.SET, patched(places, patch));
    }
    if (edit instanceof Edit.ProjectOut project) {
      Values unit = unit(places, project.direction());
      return plain(places, Form.PROJECT, EditValue.of(places, unit, 1));
    }
    if (edit instanceof Edit.Affine affine) {
      requireWidth(places, "an affine edit", affine.offset());
      return plain(
          places,
          Form.AFFINE,
          EditValue.of(places, affine.offset(), 1),
          EditMatrix.of(affine.weight()));
    }
    if (edit instanceof Edit.LowRank low) {
      requireWidth(places, "an edit of low rank", low.center());
      return plain(
          places,
          Form.LOW_RANK,
          EditValue.of(places, low.center(), 1),
          EditMatrix.of(low.down()),
          EditMatrix.of(low.up()));
    }
    ActivationFunction function = ((Edit.Custom) edit).function();
    return new PointEdit(places, Form.CUSTOM, null, List.of(), function, serial(function));
  }

  /** The name; what a function without one does is unknown, so that it equals no other. */
  private static String serial(ActivationFunction function) {
    return function.name().map(name -> "named " + name).orElseGet(UnnamedFunctions::serial);
  }

  private static EditValue patched(Places places, Edit.PatchFrom patch) {
    Values values = patch.cache().values(places.point());
    if (patch.sourcePosition().isEmpty()) {
      return EditValue.patch(places, values, new int[0]);
    }
    if (!places.kind().axes().contains(Axis.POSITION)) {
      throw new IllegalArgumentException(
          "a source position needs a hook point with a position axis but the point was "
              + places.point());
    }
    int wanted = patch.sourcePosition().getAsInt();
    int[] sources =
        patch.cache().tokens().stream()
            .mapToInt(
                tokens -> {
                  if (wanted < -tokens.size() || wanted >= tokens.size()) {
                    throw new IllegalArgumentException(
                        "source position must lie in the cached run's "
                            + tokens.size()
                            + " tokens but was "
                            + wanted);
                  }
                  return wanted < 0 ? wanted + tokens.size() : wanted;
                })
            .toArray();
    return EditValue.patch(places, values, sources);
  }

  private static Values unit(Places places, Values direction) {
    requireWidth(places, "a direction", direction);
    float[] u = direction.toArray();
    double squares = 0;
    for (float c : u) {
      squares += (double) c * c;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < u.length; i++) {
      u[i] = (float) (u[i] / norm);
    }
    return Values.vector(u);
  }

  /** Checks that an edit of vectors fits the last axis. */
  private static void requireWidth(Places places, String what, Values vector) {
    List<Axis> axes = places.kind().axes();
    Axis last = axes.get(axes.size() - 1);
    if (!HookCatalog.fixed(last)) {
      throw new IllegalArgumentException(
          what
              + " needs components, neurons or tokens along the last axis but the last axis of "
              + places.point()
              + " is "
              + last.label());
    }
    int width = places.catalog().size(places.kind(), last);
    if (vector.size() != width) {
      throw new IllegalArgumentException(
          what
              + " at "
              + places.point()
              + " must have the "
              + width
              + " coordinates of its last axis but had "
              + vector.size());
    }
  }

  HookPoint<?> point() {
    return places.point();
  }

  /** Axes that the value input has in full. */
  boolean[] valueAxes() {
    if (value != null) {
      return value.axes();
    }
    boolean[] all = new boolean[places.kind().axes().size()];
    Arrays.fill(all, true);
    return all;
  }

  /** Sizes of the value input in a run. */
  int[] valueSizes(Columns columns) {
    return RunShape.sizes(places.catalog(), point(), columns, valueAxes());
  }

  /** Adds everything that decides what the edit does. */
  void identify(Hasher hasher) {
    hasher.putUnencodedChars(point() + "|" + form + "|" + places.selection() + "|" + serial + "|");
    if (value != null) {
      value.identify(hasher);
    }
    matrices.forEach(matrix -> matrix.identify(hasher));
  }

  Structure structure() {
    return new Structure(
        point(),
        form,
        boxed(places.axes()),
        boxed(valueAxes()),
        matrices.stream().map(matrix -> List.of(matrix.rows(), matrix.columns())).toList());
  }

  private static List<Boolean> boxed(boolean[] flags) {
    Boolean[] out = new Boolean[flags.length];
    Arrays.setAll(out, i -> flags[i]);
    return List.of(out);
  }
}
