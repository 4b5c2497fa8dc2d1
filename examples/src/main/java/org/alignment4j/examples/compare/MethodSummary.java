package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.examples.align.JudgedReply;

/**
 * One method over all seeds. Replies of different seeds to one prompt are one cluster.
 *
 * @param method the method
 * @param results one for each seed
 */
record MethodSummary(AlignmentMethod method, List<MethodResult> results) {

  MethodSummary {
    results = List.copyOf(results);
  }

  String name() {
    return method.name();
  }

  double before() {
    return mean(MethodResult::before);
  }

  double after() {
    return mean(MethodResult::after);
  }

  private double mean(Function<MethodResult, double[]> part) {
    return results.stream()
        .flatMapToDouble(r -> Arrays.stream(part.apply(r)))
        .average()
        .orElse(Double.NaN);
  }

  /** Mean of after minus before over the held-out items, clustered by prompt. */
  Estimate change() {
    List<String> clusters = results.stream().flatMap(r -> r.clusters().stream()).toList();
    return Estimates.clusteredPairedDifference(
        joined(MethodResult::after),
        joined(MethodResult::before),
        numbers(clusters),
        Estimates.DEFAULT_CONFIDENCE);
  }

  private double[] joined(Function<MethodResult, double[]> part) {
    return results.stream().flatMapToDouble(r -> Arrays.stream(part.apply(r))).toArray();
  }

  /** Whether the interval of the change leaves out 0 on the better side. */
  boolean improved() {
    Estimate change = change();
    Direction direction = method.objective().direction();
    return direction.better(change.ciLow(), 0) && direction.better(change.ciHigh(), 0);
  }

  private List<MeasuredReply> replies() {
    return results.stream().flatMap(r -> r.replies().stream()).toList();
  }

  Estimate truth() {
    return TrueReward.of(replies());
  }

  Estimate share(JudgedReply.Kind kind) {
    return TrueReward.share(replies(), kind);
  }

  /** The true reward of each seed. */
  List<Double> truthBySeed() {
    return results.stream().map(r -> TrueReward.of(r.replies()).value()).toList();
  }

  Estimate divergence() {
    return mean(replies(), MeasuredReply::divergence);
  }

  Estimate length() {
    return mean(replies(), MeasuredReply::tokens);
  }

  Estimate proxy() {
    return mean(replies(), MeasuredReply::proxy);
  }

  /** Perplexity of the base model on the replies, with replies to one prompt as a cluster. */
  Estimate fluency() {
    List<MeasuredReply> replies = replies();
    double tokens = replies.stream().mapToInt(MeasuredReply::tokens).sum();
    double loss = replies.stream().mapToDouble(MeasuredReply::surprise).sum() / tokens;
    // a ratio of means: its residuals, scaled, have its standard error (delta method)
    Estimate residual =
        mean(replies, r -> (r.surprise() - loss * r.tokens()) * replies.size() / tokens);
    double value = Math.exp(loss);
    double low = residual.ciLow() - residual.value();
    double high = residual.ciHigh() - residual.value();
    return new Estimate(
        value,
        value * residual.standardError(),
        value * Math.exp(low),
        value * Math.exp(high),
        residual.confidence(),
        residual.n(),
        residual.clusters(),
        0,
        0);
  }

  double seconds() {
    return results.stream().mapToDouble(MethodResult::seconds).average().orElse(Double.NaN);
  }

  double cpuSeconds() {
    return results.stream().mapToDouble(MethodResult::cpuSeconds).average().orElse(Double.NaN);
  }

  private static Estimate mean(List<MeasuredReply> replies, ToDoubleFunction<MeasuredReply> part) {
    List<MeasuredReply> known =
        replies.stream().filter(r -> !Double.isNaN(part.applyAsDouble(r))).toList();
    return Estimates.clusteredMean(
        known.stream().mapToDouble(part).toArray(),
        numbers(known.stream().map(MeasuredReply::message).toList()));
  }

  /** Equal numbers for equal names. */
  private static int[] numbers(List<String> names) {
    Map<String, Integer> seen = new HashMap<>();
    List<Integer> numbers = new ArrayList<>();
    for (String name : names) {
      numbers.add(seen.computeIfAbsent(name, n -> seen.size()));
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
