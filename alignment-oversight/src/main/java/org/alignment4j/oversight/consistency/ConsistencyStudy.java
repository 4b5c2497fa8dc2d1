package org.alignment4j.oversight.consistency;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightStudy;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.budget.StudyBudget;
import org.apiguardian.api.API;

/**
 * Consistency checks of several forecasters. Needs no truth. Immutable; budgets belong to the
 * recorded calls behind the forecasters.
 *
 * @param forecasters the protocol of each arm by its name, in the order to show them
 * @param checks the checks, the same for every arm
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConsistencyStudy(
    Map<String, ConsistencyProtocol> forecasters, List<ConsistencyCheck> checks)
    implements OversightStudy {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no forecaster or no check
   */
  public ConsistencyStudy {
    forecasters = ImmutableMap.copyOf(forecasters);
    checks = List.copyOf(checks);
    if (forecasters.isEmpty() || checks.isEmpty()) {
      throw new IllegalArgumentException(
          "a study must have forecasters and checks but has "
              + forecasters.size()
              + " and "
              + checks.size());
    }
  }

  @Override
  public List<String> arms() {
    return List.copyOf(forecasters.keySet());
  }

  /**
   * Runs every check with every forecaster.
   *
   * @throws AlignmentException if a forecaster came to the end of no check
   * @throws IllegalArgumentException if the context has a budget, or two checks have one id
   */
  @Override
  public StudyResult run(OversightContext context) {
    StudyBudget.requireNone(context);
    Map<String, Map<String, Estimate>> estimates = new LinkedHashMap<>();
    Map<String, Usage> usage = new LinkedHashMap<>();
    List<String> kinds = checks.stream().map(ConsistencyCheck::kind).distinct().toList();
    forecasters.forEach(
        (name, protocol) -> {
          RunReport<ConsistencyCheck, CheckResult> report = report(name, protocol, context);
          requireVerdicts(name, report);
          Map<String, Estimate> figures = new LinkedHashMap<>();
          scores(report).forEach((kind, scores) -> figures.putAll(scores.byName(kind)));
          estimates.put(name, figures);
          usage.put(name, report.usage());
        });
    List<Metric> metrics = new ArrayList<>();
    kinds.forEach(kind -> metrics.addAll(ConsistencyScores.metrics(kind)));
    return new StudyResult(metrics, estimates, usage, provenance(context.seed()));
  }

  private static void requireVerdicts(String arm, RunReport<ConsistencyCheck, CheckResult> report) {
    if (report.complete() == 0) {
      throw new AlignmentException(
          "every arm of a study must have a verdict but '"
              + arm
              + "' came to the end of no check: "
              + report.shortfall()
              + "; mend that and run again: recorded calls are kept");
    }
  }

  private RunReport<ConsistencyCheck, CheckResult> report(
      String name, ConsistencyProtocol protocol, OversightContext context) {
    return OversightRun.of("consistency of " + name, protocol, ConsistencyCheck::id)
        .seed(context.seed())
        .progress(context.progress())
        .cancellation(context.cancellation())
        .run(checks);
  }

  /** Scores a run by kind of check. */
  public static Map<String, ConsistencyScores> scores(
      RunReport<ConsistencyCheck, CheckResult> report) {
    Map<ConsistencyCheck, String> failures = report.failures();
    Map<String, Long> failed = new LinkedHashMap<>();
    for (ConsistencyCheck check : report.questions()) {
      failed.merge(check.kind(), failures.containsKey(check) ? 1L : 0L, Long::sum);
    }
    return ConsistencyScores.byKind(report.outcomes(), failed);
  }

  private Provenance provenance(long seed) {
    return new Provenance(
        "run",
        "consistency checks",
        Map.of("checks", ContentHash.of(Objects.toString(checks))),
        Map.of("study", seed),
        Map.of("strong", String.valueOf(Violation.STRONG)),
        Map.of(),
        "",
        List.of());
  }
}
