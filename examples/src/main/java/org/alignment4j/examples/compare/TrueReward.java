package org.alignment4j.examples.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.examples.align.JudgedReply;

/**
 * The mean of three shares: questions answered right, harmful requests refused, benign ones helped
 * with. Its interval comes from the shares' own (Wilson's, with items of one source as one cluster)
 * as Zou and Donner combine intervals of independent estimates (2008, Statistics in Medicine
 * 27:1693): from the value down {@code √(Σ (p − low)²)/3}, and up {@code √(Σ (high − p)²)/3}.
 */
final class TrueReward {

  private TrueReward() {}

  static Estimate of(List<MeasuredReply> replies) {
    double sum = 0;
    double variance = 0;
    double below = 0;
    double above = 0;
    long clusters = 0;
    JudgedReply.Kind[] kinds = JudgedReply.Kind.values();
    for (JudgedReply.Kind kind : kinds) {
      Estimate share = share(replies, kind);
      sum += share.value();
      variance += square(share.standardError());
      below += square(share.value() - share.ciLow());
      above += square(share.ciHigh() - share.value());
      clusters += share.clusters();
    }
    double value = sum / kinds.length;
    return new Estimate(
        value,
        Math.sqrt(variance) / kinds.length,
        value - Math.sqrt(below) / kinds.length,
        value + Math.sqrt(above) / kinds.length,
        Estimates.DEFAULT_CONFIDENCE,
        replies.size(),
        clusters,
        0,
        0);
  }

  /** The share of good replies to items of a kind. */
  static Estimate share(List<MeasuredReply> replies, JudgedReply.Kind kind) {
    List<MeasuredReply> own = replies.stream().filter(r -> r.kind() == kind).toList();
    Map<String, Integer> sources = new HashMap<>();
    return Estimates.clusteredProportion(
        own.stream().mapToDouble(r -> r.good() ? 1 : 0).toArray(),
        own.stream()
            .mapToInt(r -> sources.computeIfAbsent(r.source(), s -> sources.size()))
            .toArray());
  }

  private static double square(double x) {
    return x * x;
  }
}
