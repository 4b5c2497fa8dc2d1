package org.alignment4j.rlhf.study;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.core.statistics.Bootstrap;

/**
 * The measurements of one method, prompt by prompt, of which figures of any resample of prompts are
 * made. Immutable.
 *
 * @param form the method
 * @param rows the points in the order of their distance
 * @param initialProxy the proxy under the initial policy
 * @param initialGold the gold reward under the initial policy
 */
record CurveTable(
    OveroptimisationForm form,
    List<PointRow> rows,
    InitialRewards initialProxy,
    InitialRewards initialGold) {

  /** Of a resample, a reward's distances and gains. */
  private record Gains(double[] distances, double[] rewards) {}

  OveroptimisationCurve curve(Bootstrap bootstrap) {
    int[] all = IntStream.range(0, prompts()).toArray();
    double proxyDeviation = initialProxy.moments(all).deviation();
    double goldDeviation = initialGold.moments(all).deviation();
    List<OveroptimisationPoint> points =
        rows.stream()
            .map(r -> r.point(initialProxy, proxyDeviation, initialGold, goldDeviation))
            .toList();
    return new OveroptimisationCurve(
        form,
        points,
        fitted(PointRow::proxy, initialProxy, bootstrap),
        fitted(PointRow::gold, initialGold, bootstrap),
        GoldFall.of(golds(goldDeviation)));
  }

  private int prompts() {
    return initialGold.sums().length;
  }

  /** Of each policy, the gold rewards of prompts in standard deviations under the initial one. */
  private List<double[]> golds(double deviation) {
    return rows.stream()
        .map(r -> Arrays.stream(r.gold()).map(g -> g / deviation).toArray())
        .toList();
  }

  private Optional<FittedReward> fitted(
      Function<PointRow, double[]> reward, InitialRewards initial, Bootstrap bootstrap) {
    int[] all = IntStream.range(0, prompts()).toArray();
    Gains gains = gains(reward, initial, all);
    if (!OveroptimisationFit.possible(gains.distances())) {
      return Optional.empty();
    }
    OveroptimisationFit fit = OveroptimisationFit.of(form, gains.distances(), gains.rewards());
    Bootstrap.Result alpha = bootstrap.of(prompts(), p -> alpha(resampled(reward, initial, p)));
    Bootstrap.Result beta = bootstrap.of(prompts(), p -> beta(resampled(reward, initial, p)));
    if (fit.peak().isEmpty()) {
      return Optional.of(
          new FittedReward(
              fit, alpha.estimate(), beta.estimate(), Optional.empty(), Optional.empty(), 1));
    }
    Bootstrap.Result peak = bootstrap.of(prompts(), p -> peak(resampled(reward, initial, p)));
    Bootstrap.Result height = bootstrap.of(prompts(), p -> height(resampled(reward, initial, p)));
    return Optional.of(
        new FittedReward(
            fit,
            alpha.estimate(),
            beta.estimate(),
            Optional.of(peak.estimate()),
            Optional.of(height.estimate()),
            (double) peak.undefinedResamples() / bootstrap.resamples()));
  }

  private Gains gains(Function<PointRow, double[]> reward, InitialRewards initial, int[] prompts) {
    InitialRewards.Moments moments = initial.moments(prompts);
    double[] distances = new double[rows.size()];
    double[] rewards = new double[rows.size()];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = rows.get(i).distance(prompts);
      rewards[i] =
          (PointRow.mean(reward.apply(rows.get(i)), prompts) - moments.mean())
              / moments.deviation();
    }
    return new Gains(distances, rewards);
  }

  /** The fit of a resample; empty where it cannot be made. */
  private Optional<OveroptimisationFit> resampled(
      Function<PointRow, double[]> reward, InitialRewards initial, int[] prompts) {
    Gains gains = gains(reward, initial, prompts);
    boolean possible =
        OveroptimisationFit.possible(gains.distances())
            && Arrays.stream(gains.rewards()).allMatch(Double::isFinite);
    return possible
        ? Optional.of(OveroptimisationFit.of(form, gains.distances(), gains.rewards()))
        : Optional.empty();
  }

  private static double alpha(Optional<OveroptimisationFit> fit) {
    return fit.map(OveroptimisationFit::alpha).orElse(Double.NaN);
  }

  private static double beta(Optional<OveroptimisationFit> fit) {
    return fit.map(OveroptimisationFit::beta).orElse(Double.NaN);
  }

  private static double peak(Optional<OveroptimisationFit> fit) {
    return fit.map(f -> f.peak().orElse(Double.NaN)).orElse(Double.NaN);
  }

  private static double height(Optional<OveroptimisationFit> fit) {
    return fit.map(f -> f.peak().isEmpty() ? Double.NaN : f.value(f.peak().getAsDouble()))
        .orElse(Double.NaN);
  }
}
