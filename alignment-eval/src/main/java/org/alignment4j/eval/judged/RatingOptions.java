package org.alignment4j.eval.judged;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.BradleyTerry;
import org.alignment4j.core.statistics.RatingScale;
import org.apiguardian.api.API;

/**
 * How battles become ratings.
 *
 * @param scale what rating points mean
 * @param virtualGames virtual ties of each model with one of mean rating; 0 for none, and then
 *     battles that give no finite ratings are refused
 * @param anchor the model that is put at the scale's initial rating; empty for the mean of all
 * @param styleControl whether the style of answers is controlled for; then every battle must tell
 *     it
 * @param bootstrap how intervals are drawn
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RatingOptions(
    RatingScale scale,
    double virtualGames,
    Optional<String> anchor,
    boolean styleControl,
    Bootstrap bootstrap) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if virtual games are negative or too many or few to count
   */
  public RatingOptions {
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(anchor, "anchor");
    Objects.requireNonNull(bootstrap, "bootstrap");
    if (virtualGames != 0) {
      BradleyTerry checked = BradleyTerry.on(scale).withVirtualGames(virtualGames);
      Objects.requireNonNull(checked);
    }
  }

  /**
   * Returns the usual options: the standard scale, no virtual game, no anchor, a thousand
   * resamples.
   *
   * @param seed of the bootstrap
   */
  public static RatingOptions seeded(long seed) {
    return new RatingOptions(
        RatingScale.STANDARD, 0, Optional.empty(), false, new Bootstrap(1000, seed, 0.95));
  }

  /** Returns these options with virtual games; 1 is half a win and half a loss for each model. */
  public RatingOptions withVirtualGames(double games) {
    return new RatingOptions(scale, games, anchor, styleControl, bootstrap);
  }

  /** Returns these options with a model that is put at the scale's initial rating. */
  public RatingOptions withAnchor(String model) {
    return new RatingOptions(scale, virtualGames, Optional.of(model), styleControl, bootstrap);
  }

  /** Returns these options with other resampling. */
  public RatingOptions withBootstrap(Bootstrap other) {
    return new RatingOptions(scale, virtualGames, anchor, styleControl, other);
  }

  /** Returns these options with style control. */
  public RatingOptions withStyleControl() {
    return new RatingOptions(scale, virtualGames, anchor, true, bootstrap);
  }

  BradleyTerry bradleyTerry() {
    BradleyTerry fit = BradleyTerry.on(scale);
    fit = virtualGames == 0 ? fit : fit.withVirtualGames(virtualGames);
    return anchor.isPresent() ? fit.anchoredAt(anchor.get()) : fit;
  }
}
