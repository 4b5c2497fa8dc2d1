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
 * @param function computes the numbers; null unless the form is {@link Form#CUSTOM}
 * @param serial tells functions apart, which have no content to compare: by name, else each from
 *     all others; empty unless the form is {@link Form#CUSTOM}
 */
record PointEdit(
    Places places,
    Form form,
    @Nullable EditValue value,
    @Nullable ActivationFunction function,
    String serial) {

  /** What decides the nodes of an edit. Equal structures share a compiled graph. */
  record Structure(
      HookPoint<?> point, Form form, List<Boolean> maskAxes, List<Boolean> valueAxes) {}

  static PointEdit of(Places places, Edit edit) {
    if (edit instanceof Edit.Zero) {
      return new PointEdit(places, Form.SET, EditValue.scalar(places, 0), null, "");
    }
    if (edit instanceof Edit.Scale scale) {
      return new PointEdit(places, Form.SCALE, EditValue.scalar(places, scale.factor()), null, "");
    }
    if (edit instanceof Edit.Add add) {
      EditValue value = EditValue.of(places, add.values(), add.coefficient());
      return new PointEdit(places, Form.ADD, value, null, "");
    }
    if (edit instanceof Edit.Replace replace) {
      return new PointEdit(places, Form.SET, EditValue.of(places, replace.values(), 1), null, "");
    }
    if (edit instanceof Edit.PatchFrom patch) {
      return new PointEdit(places, Form.SET, patched(places, patch), null, "");
    }
    if (edit instanceof Edit.ProjectOut project) {
      return new PointEdit(
          places,
          Form.PROJECT,
          EditValue.of(places, unit(places, project.direction()), 1),
          null,
          "");
    }
    ActivationFunction function = ((Edit.Custom) edit).function();
    return new PointEdit(places, Form.CUSTOM, null, function, serial(function));
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
    float[] u = direction.toArray();
    int width = places.catalog().size(places.kind(), lastFixed(places));
    if (u.length != width) {
      throw new IllegalArgumentException(
          "direction at "
              + places.point()
              + " must have the "
              + width
              + " coordinates of its last axis but had "
              + u.length);
    }
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

  private static Axis lastFixed(Places places) {
    List<Axis> axes = places.kind().axes();
    Axis last = axes.get(axes.size() - 1);
    if (!HookCatalog.fixed(last)) {
      throw new IllegalArgumentException(
          "a direction can be removed along components, neurons or tokens but the last axis of "
              + places.point()
              + " is "
              + last.label());
    }
    return last;
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
  }

  Structure structure() {
    return new Structure(point(), form, boxed(places.axes()), boxed(valueAxes()));
  }

  private static List<Boolean> boxed(boolean[] flags) {
    Boolean[] out = new Boolean[flags.length];
    Arrays.setAll(out, i -> flags[i]);
    return List.of(out);
  }
}
