package org.alignment4j.interp.feature;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.apiguardian.api.API;

/**
 * Where in which model a sparse autoencoder belongs.
 *
 * @param modelName the model's name, as SAELens has it in its metadata, such as {@code gpt2-small}
 * @param point what it reads; the axes after the position are flattened to one
 * @param target what a transcoder predicts; empty for an autoencoder, which predicts what it reads
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeSite(String modelName, HookPoint<?> point, Optional<HookPoint<?>> target) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank or a point has no position
   */
  public SaeSite {
    Objects.requireNonNull(point, "point");
    if (modelName.isBlank()) {
      throw new IllegalArgumentException("modelName must not be blank");
    }
    requirePositions(point);
    target.ifPresent(SaeSite::requirePositions);
  }

  /**
   * Returns the site of an autoencoder.
   *
   * @param modelName the model's name
   * @param point what it reads and predicts
   * @return the site
   * @throws IllegalArgumentException when the name is blank or the point has no position
   */
  public static SaeSite of(String modelName, HookPoint<?> point) {
    return new SaeSite(modelName, point, Optional.empty());
  }

  /**
   * Returns the site of a transcoder.
   *
   * @param modelName the model's name
   * @param point what it reads
   * @param target what it predicts
   * @return the site
   * @throws IllegalArgumentException when the name is blank or a point has no position
   */
  public static SaeSite transcoder(String modelName, HookPoint<?> point, HookPoint<?> target) {
    return new SaeSite(modelName, point, Optional.of(target));
  }

  /**
   * Returns where predictions go.
   *
   * @return the target, or the point that is read
   */
  public HookPoint<?> output() {
    return target.isPresent() ? target.get() : point;
  }

  /**
   * Returns all points of the site.
   *
   * @return the point, and the target where there is another, as a run's cache takes them
   */
  public HookPointSet<?>[] points() {
    return target.isPresent() && !target.get().equals(point)
        ? new HookPointSet<?>[] {point, target.get()}
        : new HookPointSet<?>[] {point};
  }

  private static void requirePositions(HookPoint<?> point) {
    if (!point.kind().axes().contains(Axis.POSITION)) {
      throw new IllegalArgumentException(
          "a sparse autoencoder needs a hook point with positions but "
              + point
              + " has "
              + point.kind().axes());
    }
  }
}
