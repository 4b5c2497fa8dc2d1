package org.alignment4j.rlhf.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.apiguardian.api.API;

/**
 * What a Pareto study found. All objectives are rewards: more is better.
 *
 * @param objectives their names, in the order of every point's scores
 * @param points all candidates, in the order they were given
 * @param hypervolume the area above the worst mean of each objective; empty unless there are two
 * @param settings how it was found, by name, for reports
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ParetoFront(
    List<String> objectives,
    List<ParetoPoint> points,
    Optional<Hypervolume> hypervolume,
    Map<String, String> settings) {

  /** Copies. */
  public ParetoFront {
    objectives = List.copyOf(objectives);
    points = List.copyOf(points);
    Objects.requireNonNull(hypervolume, "hypervolume");
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * Returns the candidates that no other dominates.
   *
   * @return in the order they were given
   */
  public List<ParetoPoint> nonDominated() {
    return points.stream().filter(p -> !p.dominated()).toList();
  }

  /**
   * Returns what was found as parts of a report: charts of every pair of objectives, and a table.
   *
   * @return sections, in order
   */
  public List<Section> sections() {
    return new ParetoReport(this).sections();
  }

  /**
   * Returns what was found as a report of its own.
   *
   * @param title its title
   * @return the report
   */
  public Report report(String title) {
    Report.Builder report = Report.builder(title).subtitle(String.join(" against ", objectives));
    sections().forEach(report::add);
    return report.add(new Section.KeyValues("Settings", settings)).build();
  }
}
