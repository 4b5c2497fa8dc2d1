package org.alignment4j.interp.steer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.Indices;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.direction.Direction;
import org.apiguardian.api.API;

/**
 * Operators on activations along a direction, at the direction's own site: what they return goes to
 * {@code model.with(…)} or a forward run. Under cached generation they act at every step at which a
 * selected position is computed.
 *
 * <p>How far an addition moves is {@code coefficient · length}: a raw direction brings its own
 * length, a unit one has 1.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Steering {

  private Steering() {}

  /**
   * {@code x + coefficient · v}.
   *
   * @param where which sequences and tokens; none for all
   * @throws IllegalArgumentException if the coefficient is not finite, or two selectors name one
   *     axis
   */
  @SafeVarargs
  public static Intervention<?> add(
      Direction direction, double coefficient, Selector<? super Axes.Positions>... where) {
    return at(direction, new Edit.Add(direction.values(), coefficient), List.of(where));
  }

  /**
   * {@code x − (x·v̂)v̂}, {@code v̂} the direction at unit length.
   *
   * @param where which sequences and tokens; none for all
   * @throws IllegalArgumentException if two selectors name one axis
   */
  @SafeVarargs
  public static Intervention<?> ablate(
      Direction direction, Selector<? super Axes.Positions>... where) {
    return at(direction, new Edit.ProjectOut(direction.values()), List.of(where));
  }

  /**
   * {@code x − (x·v̂)v̂ + coefficient · v}: sets the part along the direction instead of moving it.
   *
   * @param where which sequences and tokens; none for all
   * @return both interventions, in order
   * @throws IllegalArgumentException if the coefficient is not finite, or two selectors name one
   *     axis
   */
  @SafeVarargs
  public static List<Intervention<?>> ablateThenAdd(
      Direction direction, double coefficient, Selector<? super Axes.Positions>... where) {
    return List.of(ablate(direction, where), add(direction, coefficient, where));
  }

  /**
   * {@code x + coefficient · v} in each sequence of a run from a position of its own on, generated
   * tokens included.
   *
   * @param firsts the first changed position of each sequence, from 0
   * @return one intervention for each different position
   * @throws IllegalArgumentException if there is no sequence, a position is negative, or the
   *     coefficient is not finite
   */
  public static List<Intervention<?>> addFromEach(
      Direction direction, double coefficient, int... firsts) {
    if (firsts.length == 0) {
      throw new IllegalArgumentException("firsts must name a position for at least one sequence");
    }
    Map<Integer, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < firsts.length; row++) {
      if (firsts[row] < 0) {
        throw new IllegalArgumentException(
            "a first position must not be negative but that of sequence "
                + row
                + " was "
                + firsts[row]);
      }
      rows.computeIfAbsent(firsts[row], first -> new ArrayList<>()).add(row);
    }
    List<Intervention<?>> all = new ArrayList<>();
    rows.forEach(
        (first, of) ->
            all.add(
                add(
                    direction,
                    coefficient,
                    Selectors.row(of.stream().mapToInt(i -> i).toArray()),
                    Selectors.posFrom(first))));
    return List.copyOf(all);
  }

  /**
   * Finds where the instruction ends.
   *
   * @param tokens a prompt, perhaps with an answer behind
   * @param marker the tokens that end an instruction, such as those of {@code [/INST]}
   * @return position of the marker's last token, at its last occurrence; what answers the
   *     instruction begins one further
   * @throws IllegalArgumentException if the marker is empty or not there
   */
  public static int instructionEnd(TokenIds tokens, TokenIds marker) {
    if (marker.isEmpty()) {
      throw new IllegalArgumentException("marker must hold at least one token");
    }
    for (int start = tokens.size() - marker.size(); start >= 0; start--) {
      if (tokens.slice(start, start + marker.size()).equals(marker)) {
        return start + marker.size() - 1;
      }
    }
    throw new IllegalArgumentException(
        "the end of the instruction, tokens "
            + marker
            + ", must be in the prompt but is not in its "
            + tokens.size()
            + " tokens; encode the marker as the prompt has it, spaces included");
  }

  private static Intervention<?> at(
      Direction direction, Edit edit, List<? extends Selector<?>> where) {
    ActivationSite site = direction.site();
    List<Selector<?>> selectors = new ArrayList<>(where);
    site.head()
        .ifPresent(
            head -> {
              boolean keyValue = site.point().kind().axes().contains(Axis.KEY_VALUE_HEAD);
              Axis axis = keyValue ? Axis.KEY_VALUE_HEAD : Axis.HEAD;
              selectors.add(new Selector<>(axis, Indices.of(head)));
            });
    return intervention(site.point(), new Selection(selectors), edit);
  }

  private static <A extends Axes> Intervention<A> intervention(
      HookPointSet<A> point, Selection selection, Edit edit) {
    return new Intervention<>(point, selection, edit);
  }

  /** The largest difference of two arrays of one length. */
  static double largestDifference(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "arrays must have one length but have "
              + Arrays.toString(new int[] {a.length, b.length}));
    }
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs((double) a[i] - b[i]));
    }
    return most;
  }
}
