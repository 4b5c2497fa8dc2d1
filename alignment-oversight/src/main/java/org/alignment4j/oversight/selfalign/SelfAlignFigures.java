package org.alignment4j.oversight.selfalign;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/** Figures about what the filter keeps. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SelfAlignFigures {
  private static final String CITATION = "Sun et al. 2023, section 3.2";

  /** Share of replies that are kept. */
  public static final Metric KEPT =
      Metric.of("kept answers", "fraction", Direction.HIGHER).withCitation(CITATION);

  /** Share of the replies that came to a rule which the rule lets pass. */
  public static final Metric PASSED =
      Metric.of("passed by rule", "fraction", Direction.HIGHER).withCitation(CITATION);

  /** Mean length of the answers that are kept. */
  public static final Metric LENGTH =
      Metric.of("kept answer length", "words", Direction.NEUTRAL).withCitation(CITATION);

  private SelfAlignFigures() {}

  /** Returns {@link #KEPT}. */
  public static Estimate kept(Collection<AlignedAnswer> answers) {
    return Estimates.proportion(
        answers.stream().filter(a -> a.filtered() instanceof Filtered.Kept).count(),
        answers.size());
  }

  /** Returns {@link #LENGTH}, with words between white space; removed answers are unscored. */
  public static Estimate length(Collection<AlignedAnswer> answers) {
    double[] lengths =
        answers.stream()
            .filter(a -> a.filtered() instanceof Filtered.Kept)
            .map(a -> ((Filtered.Kept) a.filtered()).answer())
            .mapToDouble(answer -> answer.strip().split("\\s+", -1).length)
            .toArray();
    return Estimates.withMissing(Estimates.mean(lengths), answers.size() - lengths.length, 0);
  }

  /** Returns {@link #PASSED} of every rule, in the order of the rules. */
  public static Map<FilterRule, Estimate> passed(Collection<AlignedAnswer> answers) {
    Map<FilterRule, Estimate> passed = new EnumMap<>(FilterRule.class);
    long reached = answers.size();
    for (FilterRule rule : FilterRule.values()) {
      long removed =
          answers.stream()
              .filter(a -> a.filtered() instanceof Filtered.Removed out && out.rule() == rule)
              .count();
      passed.put(rule, Estimates.proportion(reached - removed, reached));
      reached -= removed;
    }
    return passed;
  }

  /**
   * Returns how many replies each blocked phrase or apology removed: a phrase that removes many is
   * likelier a common word than a leak.
   */
  public static Map<String, Long> removedByPhrase(Collection<AlignedAnswer> answers) {
    Map<String, Long> counts = new TreeMap<>();
    for (AlignedAnswer answer : answers) {
      if (answer.filtered() instanceof Filtered.Removed out
          && (out.rule() == FilterRule.LEAKED_EXAMPLE || out.rule() == FilterRule.APOLOGY)) {
        counts.merge(out.detail(), 1L, Long::sum);
      }
    }
    return counts;
  }
}
