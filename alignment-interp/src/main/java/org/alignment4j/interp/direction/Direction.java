package org.alignment4j.interp.direction;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.activation.ActivationSite;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A vector in the activations at one site of one model, with how it was found. Immutable.
 *
 * <p>Raw and unit norm are told apart: an intervention that adds a raw direction moves by what was
 * found between the classes, one that adds a unit direction by 1.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Direction {

  /** Below this length a direction says nothing. */
  public static final double LEAST_NORM = 1e-12;

  /** What the length of a direction means. */
  public enum Norm {
    /** As long as the estimator made it, such as the distance of two means. */
    RAW,
    /** 1. */
    UNIT
  }

  private final double[] vector;
  private final ActivationSite site;
  private final String modelId;
  private final String variant;
  private final Norm norm;

  private Direction(
      double[] vector, ActivationSite site, String modelId, String variant, Norm norm) {
    this.vector = vector;
    this.site = site;
    this.modelId = modelId;
    this.variant = variant;
    this.norm = norm;
  }

  /**
   * A direction of the length that it has.
   *
   * @param vector its coordinates; copied
   * @param site where it lies
   * @param modelId of the model whose activations it was found in
   * @param variant how it was found, such as {@code mean difference}
   * @throws IllegalArgumentException if a coordinate is not finite, its length is next to 0, or a
   *     name is blank
   */
  public static Direction raw(
      double[] vector, ActivationSite site, String modelId, String variant) {
    Objects.requireNonNull(site, "site");
    if (modelId.isBlank() || variant.isBlank()) {
      throw new IllegalArgumentException(
          "modelId and variant must not be blank but were '" + modelId + "' and '" + variant + "'");
    }
    double length = length(vector);
    if (!(length > LEAST_NORM) || Double.isInfinite(length)) {
      throw new IllegalArgumentException(
          "a direction must have a finite length above "
              + LEAST_NORM
              + " but '"
              + variant
              + "' at "
              + site
              + " has "
              + length
              + "; the classes do not differ there");
    }
    return new Direction(vector.clone(), site, modelId, variant, Norm.RAW);
  }

  /** This direction at length 1. */
  public Direction unit() {
    return norm == Norm.UNIT
        ? this
        : new Direction(scaledBy(1 / length()), site, modelId, variant, Norm.UNIT);
  }

  /** This direction turned round, at the same length. */
  public Direction negated() {
    return new Direction(scaledBy(-1), site, modelId, variant, norm);
  }

  /**
   * This direction at another site of one width, such as the output of the block before for its
   * input.
   */
  public Direction at(ActivationSite other) {
    return new Direction(vector, Objects.requireNonNull(other, "other"), modelId, variant, norm);
  }

  /**
   * The directions, each scaled to the mean of their lengths, so that one coefficient moves equally
   * far along all (the normalisation across behaviours of Rimsky et al. 2023).
   *
   * @param directions at least one, all raw
   * @throws IllegalArgumentException if there is none, or one is of unit length already
   */
  public static List<Direction> ofOneLength(List<Direction> directions) {
    if (directions.isEmpty()) {
      throw new IllegalArgumentException("directions must hold at least one");
    }
    for (Direction each : directions) {
      if (each.norm == Norm.UNIT) {
        throw new IllegalArgumentException(
            "directions that share a length must be raw but '"
                + each.variant
                + "' is of unit length");
      }
    }
    double mean = directions.stream().mapToDouble(Direction::length).average().orElseThrow();
    return directions.stream()
        .map(
            d ->
                new Direction(
                    d.scaledBy(mean / d.length()), d.site, d.modelId, d.variant, Norm.RAW))
        .toList();
  }

  private double[] scaledBy(double factor) {
    double[] scaled = new double[vector.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = factor * vector[i];
    }
    return scaled;
  }

  private static double length(double[] vector) {
    double squares = 0;
    for (double c : vector) {
      squares += c * c;
    }
    return Math.sqrt(squares);
  }

  /** A copy of the coordinates, {@code [d]}. */
  public double[] vector() {
    return vector.clone();
  }

  /** The coordinates in single precision, for edits. */
  public Values values() {
    float[] single = new float[vector.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) vector[i];
    }
    return Values.vector(single);
  }

  /** Number of coordinates. */
  public int width() {
    return vector.length;
  }

  /** The length, 1 where the norm is {@link Norm#UNIT}. */
  public double length() {
    return length(vector);
  }

  /**
   * The cosine of the angle to another direction.
   *
   * @throws IllegalArgumentException if their widths differ
   */
  public double cosine(Direction other) {
    if (width() != other.width()) {
      throw new IllegalArgumentException(
          "directions must have one width but have " + width() + " and " + other.width());
    }
    double product = 0;
    for (int i = 0; i < vector.length; i++) {
      product += vector[i] * other.vector[i];
    }
    return product / (length() * other.length());
  }

  /** Where it lies. */
  public ActivationSite site() {
    return site;
  }

  /** The layer of its hook point; -1 for a point that belongs to none. */
  public int layer() {
    return site.point().layer();
  }

  /** Id of the model whose activations it was found in. */
  public String modelId() {
    return modelId;
  }

  /** How it was found. */
  public String variant() {
    return variant;
  }

  /** What its length means. */
  public Norm norm() {
    return norm;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Direction that
        && Arrays.equals(vector, that.vector)
        && site.equals(that.site)
        && modelId.equals(that.modelId)
        && variant.equals(that.variant)
        && norm == that.norm;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(vector), site, modelId, variant, norm);
  }

  /** Such as {@code mean difference at blocks.3.hook_resid_pre, RAW, length 4.2}. */
  @Override
  public String toString() {
    return variant + " at " + site + ", " + norm + ", length " + length();
  }
}
