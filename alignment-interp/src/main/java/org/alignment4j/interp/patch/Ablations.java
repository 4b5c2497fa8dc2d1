package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Values;
import org.apiguardian.api.API;

/**
 * Ablations as interventions: for {@code run.with(...)} and {@code model.with(...)}. Each takes
 * away what an activation says in another way, and they disagree: zero and Gaussian noise leave the
 * distribution that later layers know, the mean keeps its centre, another prompt's activation stays
 * within it (Wang et al. 2022, section 2; Chan et al. 2022).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Ablations {

  private Ablations() {}

  /**
   * Sets to zero.
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
    return Edits.zero(points, where);
  }

  /**
   * Sets to means.
   *
   * @param points where in the model; each point of the means that is among them
   * @param means the means
   * @param positions how many positions the longest sequence will have, generated ones included
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return one intervention for each point
   * @throws IllegalArgumentException when the means lack all points, or there are no means for so
   *     many positions
   */
  @SafeVarargs
  public static <A extends Axes> List<Intervention<A>> mean(
      HookPointSet<A> points, ActivationMeans means, int positions, Selector<? super A>... where) {
    Selection selection = new Selection(List.of(where));
    List<Intervention<A>> interventions = new ArrayList<>();
    for (HookPoint<A> point : among(points, means.points())) {
      Edit edit = new Edit.Replace(means.values(point, positions));
      interventions.add(new Intervention<>(point, selection, edit));
    }
    return interventions;
  }

  /**
   * Sets to what another prompt has there.
   *
   * @param points where in the model
   * @param other the other prompt's run, which kept these points
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return the intervention
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static <A extends Axes> Intervention<A> resample(
      HookPointSet<A> points, ActivationCache other, Selector<? super A>... where) {
    return Edits.patchFrom(points, other, where);
  }

  /**
   * Adds Gaussian noise {@code N(0, deviation²)}, independent in every coordinate, place and
   * sequence. It is drawn once, now: every run gets the same.
   *
   * @param points where in the model; each point of the cache that is among them
   * @param like a run of the sequences that will get the noise, for its shapes
   * @param deviation standard deviation, not negative
   * @param random draws the noise, points and elements in order
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @return one intervention for each point
   * @throws IllegalArgumentException when the deviation is negative or not finite, or the cache
   *     lacks all points
   */
  @SafeVarargs
  public static <A extends Axes> List<Intervention<A>> noise(
      HookPointSet<A> points,
      ActivationCache like,
      double deviation,
      RandomGenerator random,
      Selector<? super A>... where) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "deviation must not be negative and finite but was " + deviation);
    }
    Selection selection = new Selection(List.of(where));
    List<Intervention<A>> interventions = new ArrayList<>();
    for (HookPoint<A> point : among(points, like.points())) {
      Values values = like.values(point);
      float[] noise = values.toArray();
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) (deviation * random.nextGaussian());
      }
      Edit edit = new Edit.Add(Values.of(values.shape(), noise), 1);
      interventions.add(new Intervention<>(point, selection, edit));
    }
    return interventions;
  }

  /**
   * Freezes attention patterns at those of another run, so that only what is attended to can
   * change.
   *
   * @param layers which layers
   * @param other the run, which kept their patterns
   * @param where selectors that all hold; none for everywhere
   * @return the intervention
   * @throws IllegalArgumentException when two selectors name one axis
   */
  @SafeVarargs
  public static Intervention<Axes.Attention> frozenPattern(
      Layers layers, ActivationCache other, Selector<? super Axes.Attention>... where) {
    return new Intervention<>(
        HookPoints.pattern(layers),
        new Selection(List.of(where)),
        new Edit.PatchFrom(other, OptionalInt.empty()));
  }

  private static <A extends Axes> List<HookPoint<A>> among(
      HookPointSet<A> points, List<HookPoint<?>> known) {
    int layers = known.stream().mapToInt(point -> point.layer() + 1).max().orElse(0);
    List<HookPoint<A>> named =
        points.ofAllLayers()
            ? points.points(Math.max(1, layers))
            : points.points(Integer.MAX_VALUE);
    List<HookPoint<A>> present = named.stream().filter(known::contains).toList();
    if (present.isEmpty() || (!points.ofAllLayers() && present.size() < named.size())) {
      throw new IllegalArgumentException(
          "activations must have been kept at " + points + " but were kept at " + known);
    }
    return present;
  }
}
