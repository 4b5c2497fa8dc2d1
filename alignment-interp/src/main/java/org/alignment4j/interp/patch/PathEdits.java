package org.alignment4j.interp.patch;

import java.util.List;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Indices;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Values;

/** The edits of path patching. */
final class PathEdits {

  private PathEdits() {}

  /** Adds values at some heads, of either kind, or everywhere where none is named. */
  static Intervention<?> add(HookPoint<?> point, Values values, int... heads) {
    Axis axis = point.kind().axes().contains(Axis.KEY_VALUE_HEAD) ? Axis.KEY_VALUE_HEAD : Axis.HEAD;
    Selection selection =
        heads.length == 0
            ? Selection.ALL
            : new Selection(List.of(new Selector<>(axis, Indices.of(heads))));
    return new Intervention<>(point, selection, new Edit.Add(values, 1));
  }

  /** One vector as a norm of fixed scale changes it: centred where the norm centres, divided. */
  static void normalise(float[] data, int from, int width, float scale, boolean centres) {
    double mean = 0;
    for (int i = 0; i < width && centres; i++) {
      mean += data[from + i] / width;
    }
    for (int i = 0; i < width; i++) {
      data[from + i] = (float) ((data[from + i] - mean) / scale);
    }
  }

  /** Where a head's input is projected to. */
  static HookPoint<?> projected(HeadPath.Port port, int layer) {
    return switch (port) {
      case QUERY -> HookPoints.q(layer);
      case KEY -> HookPoints.k(layer);
      case VALUE -> HookPoints.v(layer);
    };
  }

  /** The stream as a head's input reads it. */
  static HookPoint<?> input(HeadPath.Port port, int layer) {
    return switch (port) {
      case QUERY -> HookPoints.qInput(layer);
      case KEY -> HookPoints.kInput(layer);
      case VALUE -> HookPoints.vInput(layer);
    };
  }
}
