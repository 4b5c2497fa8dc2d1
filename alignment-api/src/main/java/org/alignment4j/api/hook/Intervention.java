package org.alignment4j.api.hook;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An edit at hook points. Interventions at one point act in the order given, each on the result of
 * the one before. Made by {@link Edits} and {@link #at}; immutable.
 *
 * @param points where in the model
 * @param selection which places of the array there
 * @param edit what happens to them
 * @param <A> the axes of the hook points
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Intervention<A extends Axes>(HookPointSet<A> points, Selection selection, Edit edit) {

  /** Checks that nothing is missing. */
  public Intervention {
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(selection, "selection");
    Objects.requireNonNull(edit, "edit");
  }

  /**
   * Ties an edit to hook points.
   *
   * @param points where in the model
   * @param edit which places, and what happens to them
   * @param <A> the axes of the hook points
   * @return the intervention
   */
  public static <A extends Axes> Intervention<A> at(
      HookPointSet<A> points, SelectedEdit<? super A> edit) {
    return new Intervention<>(points, edit.selection(), edit.edit());
  }
}
