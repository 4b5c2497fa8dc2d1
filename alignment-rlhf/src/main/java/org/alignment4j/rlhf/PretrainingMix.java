package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.apiguardian.api.API;

/**
 * Texts that a policy learns beside its rewards, so that it forgets less: each of its updates
 * minimises {@code L + c·NLL}, with the mean loss over the tokens of some texts (PPO-ptx, Ouyang et
 * al. 2022, arXiv 2203.02155, eq. 2; safe-rlhf {@code ptx_coeff}). Immutable.
 *
 * @param texts at least one; each is learned once before any comes again. Those that the training's
 *     limits of length cut or leave out are counted in a warning; each piece of one that they
 *     {@linkplain SequenceLimits.LongText#SPLIT split} counts as a text
 * @param coefficient c, positive and finite; 27.8 in the paper, 16 in safe-rlhf, whose losses of
 *     policies are means over tokens too
 * @param batchSize texts of an update, from 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PretrainingMix(
    List<? extends Demonstration> texts, double coefficient, int batchSize) {

  /** What the description of a run calls the texts. */
  static final String TEXTS = "pretraining";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no text or a number is out of range
   */
  public PretrainingMix {
    texts = List.copyOf(texts);
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("texts must hold at least one but hold none");
    }
    if (!(coefficient > 0) || Double.isInfinite(coefficient)) {
      throw new IllegalArgumentException(
          "coefficient must be positive and finite but was " + coefficient);
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be at least 1 but was " + batchSize);
    }
  }

  /**
   * What to say of texts that are not learned as they are.
   *
   * @param beside what else is learned
   * @param report what became of them
   * @param limits how long they may be
   * @return empty where all are whole
   */
  static Optional<String> lost(String beside, EncodingReport report, SequenceLimits limits) {
    if (report.dropped() + report.completionsCut() + report.promptsCut() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        ("of %s texts learned beside %s %s were left out, %s lost their end and %s the"
                + " beginning of their prompt under %s%s; raise the limits, or shorten the texts")
            .formatted(
                report.examples(),
                beside,
                report.dropped(),
                report.completionsCut(),
                report.promptsCut(),
                limits,
                report.reasons().isEmpty() ? "" : ": " + String.join("; ", report.reasons())));
  }

  /** By name, for the description of a run. */
  Map<String, String> describe() {
    return Map.of(
        TEXTS,
        ContentHash.of(texts.toString()).toString(),
        "pretraining_mix",
        "coefficient %s, %s texts".formatted(coefficient, batchSize));
  }
}
