package org.alignment4j.api.hook;

import java.util.List;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * Factories of edits and interventions, to be imported statically: {@code model.with(add(
 * residPost(13), direction, 1.5))}, {@code run.at(z(5), zero(head(3)))}. Each comes in two forms:
 * tied to hook points, and not yet.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Edits {
  private Edits() {}

  /**
   * Sets to zero: an edit not yet tied to a hook point.
   *
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> zero(Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.Zero());
  }

  /**
   * Sets to zero, at hook points.
   *
   * @param points where in the model
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> zero(
      HookPointSet<A> points, Selector<? super A>... where) {
    return new Intervention<>(points, new Selection(List.of(where)), new Edit.Zero());
  }

  /**
   * Multiplies: an edit not yet tied to a hook point.
   *
   * @param factor what to multiply by
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when the factor is not finite, or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> scale(
      double factor, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.Scale(factor));
  }

  /**
   * Multiplies, at hook points.
   *
   * @param points where in the model
   * @param factor what to multiply by
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when the factor is not finite, or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> scale(
      HookPointSet<A> points, double factor, Selector<? super A>... where) {
    return new Intervention<>(points, new Selection(List.of(where)), new Edit.Scale(factor));
  }

  /**
   * Adds a multiple of values: an edit not yet tied to a hook point.
   *
   * @param values what to add, repeated where it lacks axes
   * @param coefficient what to multiply it by
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when the coefficient is not finite, or two selectors name one
   *     axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> add(
      Values values, double coefficient, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.Add(values, coefficient));
  }

  /**
   * Adds a multiple of values, at hook points.
   *
   * @param points where in the model
   * @param values what to add, repeated where it lacks axes
   * @param coefficient what to multiply it by
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when the coefficient is not finite, or two selectors name one
   *     axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> add(
      HookPointSet<A> points, Values values, double coefficient, Selector<? super A>... where) {
    return new Intervention<>(
        points, new Selection(List.of(where)), new Edit.Add(values, coefficient));
  }

  /**
   * Puts values in place: an edit not yet tied to a hook point.
   *
   * @param values what to put, repeated where it lacks axes
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> replace(
      Values values, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.Replace(values));
  }

  /**
   * Puts values in place, at hook points.
   *
   * @param points where in the model
   * @param values what to put, repeated where it lacks axes
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> replace(
      HookPointSet<A> points, Values values, Selector<? super A>... where) {
    return new Intervention<>(points, new Selection(List.of(where)), new Edit.Replace(values));
  }

  /**
   * Puts in place what another run had there: an edit not yet tied to a hook point.
   *
   * @param cache the activations of the other run
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> patchFrom(
      ActivationCache cache, Selector<? super A>... where) {
    return new SelectedEdit<>(
        new Selection(List.of(where)), new Edit.PatchFrom(cache, OptionalInt.empty()));
  }

  /**
   * Puts in place what another run had there, at hook points.
   *
   * @param points where in the model
   * @param cache the activations of the other run
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> patchFrom(
      HookPointSet<A> points, ActivationCache cache, Selector<? super A>... where) {
    return new Intervention<>(
        points, new Selection(List.of(where)), new Edit.PatchFrom(cache, OptionalInt.empty()));
  }

  /**
   * Removes one direction from the vectors along the last axis: an edit not yet tied to a hook
   * point.
   *
   * @param direction a vector, not zero
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when the direction is no vector or has no positive, finite
   *     length, or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> projectOut(
      Values direction, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.ProjectOut(direction));
  }

  /**
   * Removes one direction from the vectors along the last axis, at hook points.
   *
   * @param points where in the model
   * @param direction a vector, not zero
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when the direction is no vector or has no positive, finite
   *     length, or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> projectOut(
      HookPointSet<A> points, Values direction, Selector<? super A>... where) {
    return new Intervention<>(
        points, new Selection(List.of(where)), new Edit.ProjectOut(direction));
  }

  /**
   * Maps the vectors along the last axis: an edit not yet tied to a hook point, {@code x' =
   * x·weight + offset}.
   *
   * @param weight {@code [d, d]}, inputs first
   * @param offset {@code [d]}
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when the shapes do not fit each other, a number is not finite,
   *     or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> affine(
      Values weight, Values offset, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.Affine(weight, offset));
  }

  /**
   * Maps the vectors along the last axis, at hook points: {@code x' = x·weight + offset}.
   *
   * @param points where in the model
   * @param weight {@code [d, d]}, inputs first
   * @param offset {@code [d]}
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when the shapes do not fit each other, a number is not finite,
   *     or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> affine(
      HookPointSet<A> points, Values weight, Values offset, Selector<? super A>... where) {
    return new Intervention<>(
        points, new Selection(List.of(where)), new Edit.Affine(weight, offset));
  }

  /**
   * Maps the vectors along the last axis in a few dimensions: an edit not yet tied to a hook point,
   * {@code x' = x + (x - center)·down·up}.
   *
   * @param center {@code [d]}
   * @param down {@code [d, r]}
   * @param up {@code [r, d]}
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when the shapes do not fit each other, a number is not finite,
   *     or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> lowRank(
      Values center, Values down, Values up, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.LowRank(center, down, up));
  }

  /**
   * Maps the vectors along the last axis in a few dimensions, at hook points: {@code x' = x + (x -
   * center)·down·up}.
   *
   * @param points where in the model
   * @param center {@code [d]}
   * @param down {@code [d, r]}
   * @param up {@code [r, d]}
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when the shapes do not fit each other, a number is not finite,
   *     or two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> lowRank(
      HookPointSet<A> points, Values center, Values down, Values up, Selector<? super A>... where) {
    return new Intervention<>(
        points, new Selection(List.of(where)), new Edit.LowRank(center, down, up));
  }

  /**
   * Applies a Java function: an edit not yet tied to a hook point.
   *
   * @param function computes the new value
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> SelectedEdit<A> apply(
      ActivationFunction function, Selector<? super A>... where) {
    return new SelectedEdit<>(new Selection(List.of(where)), new Edit.Custom(function));
  }

  /**
   * Applies a Java function, at hook points.
   *
   * @param points where in the model
   * @param function computes the new value
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> apply(
      HookPointSet<A> points, ActivationFunction function, Selector<? super A>... where) {
    return new Intervention<>(points, new Selection(List.of(where)), new Edit.Custom(function));
  }

  /**
   * Puts in place what another run had at one position: an edit not yet tied to a hook point.
   *
   * @param cache the activations of the other run
   * @param sourcePosition the position to read from; negative counts from the end
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes a hook point must have
   * @return the edit
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes.Positions> SelectedEdit<A> patchFrom(
      ActivationCache cache, int sourcePosition, Selector<? super A>... where) {
    return new SelectedEdit<>(
        new Selection(List.of(where)), new Edit.PatchFrom(cache, OptionalInt.of(sourcePosition)));
  }
}
