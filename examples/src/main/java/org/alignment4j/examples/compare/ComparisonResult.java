package org.alignment4j.examples.compare;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Estimate;

/**
 * All methods over all seeds.
 *
 * @param methods best in truth first
 * @param provenance where the figures come from
 */
record ComparisonResult(List<MethodSummary> methods, Map<String, String> provenance) {

  ComparisonResult {
    methods =
        methods.stream()
            .sorted(Comparator.comparingDouble((MethodSummary m) -> -m.truth().value()))
            .toList();
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /** Which methods do best in truth, and which of them the intervals do not tell apart. */
  String verdict() {
    MethodSummary best = methods.get(0);
    Estimate truth = best.truth();
    List<String> overlapping =
        methods.stream()
            .skip(1)
            .filter(m -> m.truth().ciHigh() >= truth.ciLow())
            .map(MethodSummary::name)
            .toList();
    List<String> below =
        methods.stream()
            .skip(1)
            .filter(m -> m.truth().ciHigh() < truth.ciLow())
            .map(MethodSummary::name)
            .toList();
    return "Best in truth: "
        + best.name()
        + " with "
        + truth
        + (overlapping.isEmpty()
            ? "; no other interval overlaps its own"
            : "; intervals overlap with those of " + joined(overlapping))
        + (below.isEmpty() ? "." : "; below are " + joined(below) + ".");
  }

  private static String joined(List<String> names) {
    return names.stream().collect(Collectors.joining(", "));
  }
}
