package org.alignment4j.rlhf.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Losses over rankings as the papers write them, answer by answer. */
final class PlainRankingLosses {

  private PlainRankingLosses() {}

  private static double logSumExp(List<Double> values) {
    double max = values.stream().mapToDouble(v -> v).max().orElseThrow();
    return max + Math.log(values.stream().mapToDouble(v -> Math.exp(v - max)).sum());
  }

  private static double plain(RrhfLoss loss, RankedAnswers a) {
    double sum = 0;
    for (int i = 0; i < a.count(); i++) {
      for (int j = 0; j < a.count(); j++) {
        if (a.scores()[i] < a.scores()[j]) {
          double si = a.policy()[i] / Math.pow(a.lengths()[i], loss.lengthExponent());
          double sj = a.policy()[j] / Math.pow(a.lengths()[j], loss.lengthExponent());
          sum += Math.max(0, si - sj);
        }
      }
    }
    return loss.rankWeight() * sum - a.mean(a.best());
  }

  private static double plain(ProLoss loss, RankedAnswers a) {
    double sum = 0;
    for (int k = 0; k < a.count(); k++) {
      double largest = 0;
      List<Double> logits = new ArrayList<>();
      for (int i = 0; i < a.count(); i++) {
        double lead = a.scores()[k] - a.scores()[i];
        if (lead > 0) {
          logits.add(a.mean(i) * lead);
          largest = Math.max(largest, lead);
        }
      }
      logits.add(a.mean(k) * largest);
      sum += logSumExp(logits) - a.mean(k) * largest;
    }
    double others = a.count() - 1;
    double factor = a.count() == 1 ? 1 : others * others;
    return sum - loss.sftWeight() * factor * a.policy()[a.best()];
  }

  private static double plain(PlackettLucePolicyLoss loss, RankedAnswers a) {
    List<Integer> order =
        IntStream.range(0, a.count())
            .boxed()
            .sorted((x, y) -> Double.compare(a.scores()[y], a.scores()[x]))
            .toList();
    double sum = 0;
    for (int k = 0; k < Math.min(loss.top(), a.count()); k++) {
      int chosen = order.get(k);
      List<Double> left = new ArrayList<>();
      double own = loss.beta() * (a.policy()[chosen] - a.reference()[chosen]);
      left.add(own);
      for (int i : order) {
        if (a.scores()[i] < a.scores()[chosen]) {
          left.add(loss.beta() * (a.policy()[i] - a.reference()[i]));
        }
      }
      sum += logSumExp(left) - own;
    }
    return sum;
  }

  private static double plain(StableAlignmentLoss loss, RankedAnswers a) {
    int best = a.best();
    List<Double> excess = new ArrayList<>();
    for (int i = 0; i < a.count(); i++) {
      double lead = a.scores()[best] - a.scores()[i];
      if (lead > 0) {
        excess.add(-a.mean(best) + a.mean(i) + lead / loss.scale() * loss.margin());
      }
    }
    double penalty =
        excess.isEmpty()
            ? 0
            : switch (loss.penalty()) {
              case PER_RESPONSE_HINGE -> excess.stream().mapToDouble(x -> Math.max(0, x)).sum();
              case MEAN_HINGE ->
                  Math.max(0, excess.stream().mapToDouble(x -> x).average().orElseThrow());
              case MAX_HINGE ->
                  Math.max(0, excess.stream().mapToDouble(x -> x).max().orElseThrow());
            };
    return -a.mean(best) + loss.weight() * penalty;
  }

  static double of(RankingLoss loss, RankedAnswers a) {
    if (loss instanceof RrhfLoss l) {
      return plain(l, a);
    }
    if (loss instanceof ProLoss l) {
      return plain(l, a);
    }
    return loss instanceof PlackettLucePolicyLoss l
        ? plain(l, a)
        : plain((StableAlignmentLoss) loss, a);
  }
}
