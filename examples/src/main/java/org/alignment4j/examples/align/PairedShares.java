package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/** Two models' replies to the same items. */
final class PairedShares {

  private final List<JudgedReply> before = new ArrayList<>();
  private final List<JudgedReply> after = new ArrayList<>();

  PairedShares(Profile before, Profile after) {
    before
        .replies()
        .forEach(
            (message, reply) -> {
              JudgedReply other = after.replies().get(message);
              if (other != null) {
                this.before.add(reply);
                this.after.add(other);
              }
            });
  }

  /** By how much a share grew, with what depends on each other as one cluster. */
  Estimate growth(JudgedReply.Kind kind, Predicate<JudgedReply> holds) {
    Map<String, Integer> sources = new HashMap<>();
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).kind() == kind) {
        int source = sources.computeIfAbsent(before.get(i).source(), key -> sources.size());
        rows.add(
            new double[] {
              holds.test(after.get(i)) ? 1 : 0, holds.test(before.get(i)) ? 1 : 0, source
            });
      }
    }
    return Estimates.clusteredPairedDifference(
        rows.stream().mapToDouble(row -> row[0]).toArray(),
        rows.stream().mapToDouble(row -> row[1]).toArray(),
        rows.stream().mapToInt(row -> (int) row[2]).toArray(),
        Estimates.DEFAULT_CONFIDENCE);
  }
}
