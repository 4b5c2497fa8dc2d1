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
 * What a study of overoptimisation found.
 *
 * @param proxy name of the reward that was optimised
 * @param gold name of the reward that counts
 * @param curves one for each method
 * @param settings how it was found, by name, for reports
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OveroptimisationResult(
    String proxy, String gold, List<OveroptimisationCurve> curves, Map<String, String> settings) {

  /** Copies. */
  public OveroptimisationResult {
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(gold, "gold");
    curves = List.copyOf(curves);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * Returns the curve of a method.
   *
   * @param form the method
   * @return the curve; empty where it was not studied
   */
  public Optional<OveroptimisationCurve> curve(OveroptimisationForm form) {
    return curves.stream().filter(c -> c.form() == form).findFirst();
  }

  /**
   * Returns what was found as parts of a report: for each method a sentence, a chart of both
   * rewards with their fitted curves, the fits and the points.
   *
   * @return sections, in order
   */
  public List<Section> sections() {
    return new OveroptimisationReport(this).sections();
  }

  /**
   * Returns what was found as a report of its own.
   *
   * @param title its title
   * @return the report
   */
  public Report report(String title) {
    Report.Builder report = Report.builder(title).subtitle("Proxy " + proxy + ", gold " + gold);
    sections().forEach(report::add);
    return report.add(new Section.KeyValues("Settings", settings)).build();
  }
}
