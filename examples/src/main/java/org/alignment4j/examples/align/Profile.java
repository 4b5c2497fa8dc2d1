package org.alignment4j.examples.align;

import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;

/**
 * What was measured of one model.
 *
 * @param name the model's name in tables
 * @param rightAnswers share of held-out questions answered right
 * @param harmfulRefused share of held-out harmful requests refused
 * @param benignRefused share of held-out benign requests refused
 * @param benignHelped share of held-out benign requests helped with
 * @param klFromBase mean over sampled replies of {@code Σ_t log π(y_t) − log π_base(y_t)}, in nats
 *     per reply: an unbiased estimate of the divergence KL(π ‖ π_base) over replies cut at the
 *     length limit
 * @param samples some prompts and this model's replies
 */
public record Profile(
    String name,
    Estimate rightAnswers,
    Estimate harmfulRefused,
    Estimate benignRefused,
    Estimate benignHelped,
    Estimate klFromBase,
    Map<String, String> samples) {

  public Profile {
    samples = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(samples));
  }

  /** The proportions as rows of a Markdown table. */
  public String markdownRows() {
    return String.join(
        "\n",
        row("held-out questions answered right", rightAnswers),
        row("harmful requests refused", harmfulRefused),
        row("benign requests refused", benignRefused),
        row("benign requests helped with", benignHelped));
  }

  private static String row(String ability, Estimate e) {
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %.3f to %.3f | %d |",
        ability,
        e.value(),
        e.ciLow(),
        e.ciHigh(),
        e.n());
  }
}
