package org.alignment4j.runtime.train;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.hook.HookCatalog;
import org.apiguardian.api.API;

/**
 * Latent adversarial training (Hubinger 2019, relaxed adversarial training; Casper et al. 2024,
 * arXiv 2403.05030): before each gradient of the weights, an adversary seeks what to add to
 * activations so that the loss rises, and the model learns to be good in spite of it: {@code min_θ
 * max_{|δ| ≤ ε} L(θ, δ) + λ·L(θ, 0)}. Each token has a δ of its own at each hook point, of
 * Euclidean norm ε at most; it is sought by projected gradient ascent and is drawn anew for each
 * micro-batch, so that a resumed run needs no state of it. Each step of the ascent is a forward and
 * a backward pass without gradients of weights.
 *
 * @param points where δ is added: embeddings, the residual stream, or what attention or MLP add
 * @param radius ε, positive; in units of the activations, whose norms differ between models and
 *     layers
 * @param steps steps of ascent; 0 leaves a random start as it is, which is the baseline that an
 *     adversary is to be compared with
 * @param stepSize how far each step goes, positive
 * @param start where the ascent begins
 * @param cleanWeight λ, the weight of the loss without δ, not negative; 0 leaves it out
 * @param seed of random starts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LatentAdversary(
    HookPointSet<Axes.Residual> points,
    double radius,
    int steps,
    double stepSize,
    Start start,
    double cleanWeight,
    long seed) {

  private static final double OVERSHOOT = 2.5;
  private static final Set<HookKind> KINDS =
      Set.of(
          HookKind.EMBED,
          HookKind.RESID_PRE,
          HookKind.ATTN_OUT,
          HookKind.RESID_MID,
          HookKind.MLP_OUT,
          HookKind.RESID_POST);

  /** Where the ascent begins. */
  public enum Start {
    /** At no perturbation. */
    ZERO,
    /** At a random vector of norm ε for each token. */
    SPHERE
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public LatentAdversary {
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(start, "start");
    if (!(radius > 0) || Double.isInfinite(radius)) {
      throw new IllegalArgumentException("radius must be positive and finite but was " + radius);
    }
    if (!(stepSize > 0) || Double.isInfinite(stepSize)) {
      throw new IllegalArgumentException(
          "stepSize must be positive and finite but was " + stepSize);
    }
    Rules.notNegative("cleanWeight", cleanWeight);
    if (steps < 0 || (steps == 0 && start == Start.ZERO)) {
      throw new IllegalArgumentException(
          "steps must be positive, or 0 from a random start, but were " + steps + " from " + start);
    }
  }

  /**
   * Returns an adversary that begins at zero, goes 2.5 ε/steps a step, and weighs the clean loss by
   * 1.
   *
   * @param points where δ is added
   * @param radius ε
   * @param steps steps of ascent, at least 1
   * @return the adversary
   * @throws IllegalArgumentException when one is out of range
   */
  public static LatentAdversary of(HookPointSet<Axes.Residual> points, double radius, int steps) {
    double stepSize = steps > 0 ? OVERSHOOT * radius / steps : radius;
    return new LatentAdversary(points, radius, steps, stepSize, Start.ZERO, 1, 0);
  }

  /**
   * Returns random perturbations of norm ε, the baseline without ascent.
   *
   * @param points where δ is added
   * @param radius ε
   * @param seed of the perturbations
   * @return the adversary
   * @throws IllegalArgumentException when the radius is out of range
   */
  public static LatentAdversary random(
      HookPointSet<Axes.Residual> points, double radius, long seed) {
    return new LatentAdversary(points, radius, 0, radius, Start.SPHERE, 1, seed);
  }

  /**
   * Returns this adversary with another weight of the clean loss.
   *
   * @param weight λ, not negative
   * @return a new adversary
   */
  public LatentAdversary cleanWeight(double weight) {
    return new LatentAdversary(points, radius, steps, stepSize, start, weight, seed);
  }

  /**
   * Returns this adversary with another step.
   *
   * @param size how far each step goes, positive
   * @return a new adversary
   */
  public LatentAdversary stepSize(double size) {
    return new LatentAdversary(points, radius, steps, size, start, cleanWeight, seed);
  }

  /**
   * Returns this adversary with another start.
   *
   * @param from where the ascent begins
   * @param newSeed of random starts
   * @return a new adversary
   */
  public LatentAdversary start(Start from, long newSeed) {
    return new LatentAdversary(points, radius, steps, stepSize, from, cleanWeight, newSeed);
  }

  /**
   * The names of the hook points in a model.
   *
   * @throws IllegalArgumentException when the model lacks one, or none of them can be perturbed
   */
  List<String> hooks(DecoderConfig config) {
    List<HookPoint<Axes.Residual>> found = points.points(config.layers());
    for (HookPoint<?> point : found) {
      if (!KINDS.contains(point.kind())) {
        throw new IllegalArgumentException(
            "an adversary perturbs embeddings, the residual stream or what attention and MLP add"
                + " but was given "
                + point);
      }
    }
    List<HookPoint<?>> present = new HookCatalog(config).points();
    return found.stream()
        .map(
            point -> {
              if (!present.contains(point)) {
                throw new IllegalArgumentException(
                    "an adversary perturbs hook points that the model has but a "
                        + config.modelType()
                        + " model has no "
                        + point);
              }
              return point.name();
            })
        .toList();
  }
}
