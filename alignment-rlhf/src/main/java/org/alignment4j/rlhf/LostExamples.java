package org.alignment4j.rlhf;

import org.alignment4j.rlhf.data.EncodingReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of a run's examples how many are not learned as they were given. */
final class LostExamples {

  private static final Logger LOG = LoggerFactory.getLogger(LostExamples.class);

  /** The share of examples from which on their loss is no side effect. */
  private static final double SHARE = 0.1;

  private LostExamples() {}

  /**
   * Logs one line where something was lost, as a warning where that is more than a tenth of the
   * examples.
   *
   * @param task what messages call the run
   */
  static void log(String task, EncodingReport report) {
    int lost = report.dropped() + report.promptsCut() + report.completionsCut();
    if (lost == 0) {
      return;
    }
    String line =
        ("%s: of %s examples %s were left out, %s lost the beginning of their prompt (%s turns in all)"
                + " and %s answers their end%s; raise the limits, or shorten the examples")
            .formatted(
                task,
                report.examples(),
                report.dropped(),
                report.promptsCut(),
                report.turnsCut(),
                report.completionsCut(),
                report.reasons().isEmpty() ? "" : ": " + String.join("; ", report.reasons()));
    if (lost > SHARE * report.examples()) {
      LOG.warn("{}", line);
    } else {
      LOG.info("{}", line);
    }
  }
}
