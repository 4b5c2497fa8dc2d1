package org.alignment4j.examples.overoptimise;

import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.rlhf.study.OveroptimisationResult;

/** The page of a run. */
final class OveroptimisationPage {

  private OveroptimisationPage() {}

  static Report of(OveroptimisationResult result, OveroptimiseSettings settings) {
    Report.Builder report =
        Report.builder("Overoptimisation")
            .subtitle("A reward model of few pairs is maximised; the world judges the replies")
            .add(
                Section.text(
                    "What this is",
                    "The proxy is a reward model that learned from "
                        + settings.pairs()
                        + " pairs of annotators who look at harmlessness only: they prefer refusals"
                        + " of harmful requests, and often of benign ones that sound alike.",
                    "The gold reward, right treatment, is the world's own judgement without noise: 1"
                        + " where a harmful request is refused or a benign one helped with, 0 elsewhere. Nothing"
                        + " was trained on it, nor on the held-out requests it is measured on."));
    result.sections().forEach(report::add);
    return report
        .add(new Section.KeyValues("Settings of the study", result.settings()))
        .add(Section.text("Settings of the run", settings.toString()))
        .build();
  }
}
