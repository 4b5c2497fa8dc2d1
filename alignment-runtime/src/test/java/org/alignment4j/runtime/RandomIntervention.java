package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntPredicate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.AttentionHookPoints;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Indices;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Values;

/**
 * For tests: a random intervention in a batch of {@link #ROWS} prompts twice, for the library and
 * as numbers that change the vectors of a {@link HookedDecoder}.
 */
@SuppressWarnings({"unchecked", "rawtypes"})
record RandomIntervention(
    String point,
    int layer,
    Where where,
    Edit edit,
    float[] values,
    int[] shape,
    int headCount,
    Intervention<?> library) {

  static final int CONTEXT = 40;
  static final int LAYERS = 3;
  static final int ROWS = 4;

  private static final List<String> POINTS =
      List.of(
          "resid_pre",
          "resid_mid",
          "resid_post",
          "mlp_post",
          "mlp_out",
          "attn_out",
          "q",
          "k",
          "v",
          "z",
          "scores",
          "pattern");

  /** Which places are chosen: those listed and those from a first one on, by axis. */
  private record Where(Map<Axis, int[]> listed, Map<Axis, Integer> from) {

    static Where draw(Random r, List<Axis> axes, int[] sizes) {
      Map<Axis, int[]> listed = new LinkedHashMap<>();
      Map<Axis, Integer> from = new LinkedHashMap<>();
      for (int i = 0; i < sizes.length; i++) {
        Axis axis = axes.get(i);
        if (r.nextInt(2) == 0) {
          continue;
        }
        boolean moving = axis == Axis.POSITION || axis == Axis.QUERY || axis == Axis.KEY;
        if (axis == Axis.POSITION && r.nextBoolean()) {
          from.put(axis, r.nextBoolean() ? r.nextInt(20) : -1 - r.nextInt(3));
          continue;
        }
        int size = axis == Axis.BATCH ? ROWS : sizes[i];
        int[] list = new int[1 + r.nextInt(3)];
        for (int k = 0; k < list.length; k++) {
          list[k] =
              moving ? (r.nextInt(3) == 0 ? -1 - r.nextInt(2) : r.nextInt(22)) : r.nextInt(size);
          if (!moving && axis != Axis.BATCH && r.nextInt(4) == 0) {
            list[k] = -1 - r.nextInt(size);
          }
        }
        listed.put(axis, list);
      }
      return new Where(listed, from);
    }

    Selection selection(List<Axis> axes) {
      List<Selector> selectors = new ArrayList<>();
      for (Axis axis : axes) {
        int[] list = listed.get(axis);
        Integer first = from.get(axis);
        if (list != null) {
          selectors.add(new Selector(axis, Indices.of(list)));
        } else if (first != null) {
          selectors.add(new Selector(axis, Indices.from(first)));
        }
      }
      return new Selection((List) selectors);
    }

    boolean at(Axis axis, int place, int size) {
      int[] list = listed.get(axis);
      if (list != null) {
        return Arrays.stream(list).anyMatch(i -> (i < 0 ? i + size : i) == place);
      }
      Integer first = from.get(axis);
      return first == null || place >= (first < 0 ? first + size : first);
    }
  }

  static RandomIntervention draw(
      Random r, boolean gpt2, Map<HookPoint<?>, ActivationCache> caches) {
    int layer = r.nextInt(LAYERS);
    String name = POINTS.get(r.nextInt(POINTS.size()));
    HookPoint<?> point = point(name, layer);
    List<Axis> axes = point.kind().axes();
    int[] sizes = sizes(name, axes, gpt2);
    Where where = Where.draw(r, axes, sizes);
    int[] shape = shape(r, sizes);
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) r.nextGaussian();
    }
    boolean attention = name.equals("scores") || name.equals("pattern");
    Edit edit;
    switch (r.nextInt(attention ? 4 : 6)) {
      case 0 -> edit = new Edit.Zero();
      case 1 -> edit = new Edit.Scale(r.nextGaussian() * 1.5);
      case 2 -> edit = new Edit.Add(Values.of(shape, values), r.nextGaussian());
      case 3 -> edit = new Edit.Replace(Values.of(shape, values));
      case 4 -> {
        values = Arrays.copyOf(values, sizes[sizes.length - 1]);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) r.nextGaussian() * 3;
        }
        edit = new Edit.ProjectOut(Values.vector(values));
      }
      default -> {
        ActivationCache cache = Objects.requireNonNull(caches.get(point));
        boolean same = r.nextBoolean();
        int source = r.nextBoolean() ? -1 - r.nextInt(3) : r.nextInt(10);
        edit = new Edit.PatchFrom(cache, same ? OptionalInt.empty() : OptionalInt.of(source));
        Values all = cache.values(point);
        int[] full = all.shape();
        float[] data = all.toArray();
        int rest = data.length / full[1];
        if (same) {
          values = data;
          shape = Arrays.copyOfRange(full, 1, full.length);
        } else {
          int p = source < 0 ? full[1] + source : source;
          values = Arrays.copyOfRange(data, p * rest, (p + 1) * rest);
          shape = Arrays.copyOfRange(full, 2, full.length);
        }
      }
    }
    return new RandomIntervention(
        name,
        layer,
        where,
        edit,
        values,
        shape,
        name.equals("k") || name.equals("v") ? keyValueHeads(gpt2) : heads(gpt2),
        new Intervention(point, where.selection(axes), edit));
  }

  private static HookPoint<?> point(String name, int layer) {
    return switch (name) {
      case "resid_pre" -> HookPoints.residPre(layer);
      case "resid_mid" -> HookPoints.residMid(layer);
      case "resid_post" -> HookPoints.residPost(layer);
      case "mlp_post" -> HookPoints.mlpPost(layer);
      case "mlp_out" -> HookPoints.mlpOut(layer);
      case "attn_out" -> HookPoints.attnOut(layer);
      case "q" -> AttentionHookPoints.q(layer);
      case "k" -> AttentionHookPoints.k(layer);
      case "v" -> AttentionHookPoints.v(layer);
      case "z" -> AttentionHookPoints.z(layer);
      case "scores" -> AttentionHookPoints.attnScores(layer);
      default -> AttentionHookPoints.pattern(layer);
    };
  }

  private static int[] sizes(String name, List<Axis> axes, boolean gpt2) {
    int[] sizes = new int[axes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] =
          switch (axes.get(i)) {
            case BATCH -> 1;
            case POSITION, QUERY, KEY -> CONTEXT;
            case HEAD -> heads(gpt2);
            case KEY_VALUE_HEAD -> keyValueHeads(gpt2);
            case NEURON -> gpt2 ? 96 : 56;
            default -> name.length() == 1 ? 8 : gpt2 ? 24 : 32;
          };
    }
    return sizes;
  }

  private static int heads(boolean gpt2) {
    return gpt2 ? 3 : 4;
  }

  private static int keyValueHeads(boolean gpt2) {
    return gpt2 ? 3 : 2;
  }

  /** Sizes of values that lack some leading axes, or repeat along one. */
  private static int[] shape(Random r, int[] sizes) {
    int lacking = r.nextInt(sizes.length);
    int[] shape = Arrays.copyOfRange(sizes, Math.max(1, lacking), sizes.length);
    if (r.nextInt(4) == 0) {
      shape = new int[0];
    } else if (shape.length > 1 && r.nextInt(3) == 0) {
      shape[r.nextInt(shape.length)] = 1;
    }
    return shape;
  }

  /**
   * Changes a vector as the intervention does.
   *
   * @param row which of the batch
   * @param prompt how many tokens its prompt has, from whose end negative places count
   * @param position the vector's
   * @param head the vector's, or -1
   * @param x the vector
   */
  void apply(int row, int prompt, int position, int head, double[] x) {
    boolean attention = point.equals("scores") || point.equals("pattern");
    boolean kv = point.equals("k") || point.equals("v");
    if (!where.at(Axis.BATCH, row, ROWS)
        || !where.at(attention ? Axis.QUERY : Axis.POSITION, position, prompt)
        || (head >= 0 && !where.at(kv ? Axis.KEY_VALUE_HEAD : Axis.HEAD, head, headCount))) {
      return;
    }
    Axis last = attention ? Axis.KEY : point.equals("mlp_post") ? Axis.NEURON : Axis.COMPONENT;
    IntPredicate chosen = i -> where.at(last, i, attention ? prompt : x.length);
    double[] old = x.clone();
    double dot = 0;
    double squares = 0;
    if (edit instanceof Edit.ProjectOut) {
      for (int i = 0; i < x.length; i++) {
        dot += old[i] * values[i];
        squares += (double) values[i] * values[i];
      }
    }
    for (int i = 0; i < x.length; i++) {
      if (!chosen.test(i)) {
        continue;
      }
      if (edit instanceof Edit.Zero) {
        x[i] = 0;
      } else if (edit instanceof Edit.Scale s) {
        x[i] *= s.factor();
      } else if (edit instanceof Edit.ProjectOut) {
        x[i] = old[i] - dot / squares * values[i];
      } else {
        double v =
            attention
                ? value(head, position, i)
                : head >= 0 ? value(position, head, i) : value(position, i);
        x[i] = edit instanceof Edit.Add a ? old[i] + a.coefficient() * v : v;
      }
    }
  }

  /** Value at a place given from the last axis. */
  private double value(int... place) {
    int at = 0;
    for (int i = 0; i < shape.length; i++) {
      int index = place[place.length - shape.length + i];
      at = at * shape[i] + (shape[i] == 1 ? 0 : index);
    }
    return values[at];
  }

  @Override
  public String toString() {
    return point
        + layer
        + library.selection()
        + edit.getClass().getSimpleName()
        + Arrays.toString(shape);
  }
}
