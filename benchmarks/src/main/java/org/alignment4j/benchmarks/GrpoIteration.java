package org.alignment4j.benchmarks;

import java.util.Locale;

/**
 * What one iteration gave.
 *
 * @param generate milliseconds until all completions are there
 * @param score from then until the update: log-probabilities under policy and reference, rewards
 *     and advantages
 * @param update the loss, its gradients and AdamW
 * @param loss before the update
 * @param gradientNorm the Euclidean norm of the loss's gradients
 */
record GrpoIteration(
    double generate, double score, double update, double loss, double gradientNorm) {

  private static final double MILLIS = 1e6;

  /** Of the times in nanoseconds at which phases began and the last one ended. */
  static GrpoIteration of(
      long generate, long score, long update, long end, double loss, double gradientNorm) {
    return new GrpoIteration(
        (score - generate) / MILLIS,
        (update - score) / MILLIS,
        (end - update) / MILLIS,
        loss,
        gradientNorm);
  }

  /** What {@link #line()} gave. */
  static GrpoIteration parse(String line) {
    String[] parts = line.split(" ", -1);
    return new GrpoIteration(
        Double.parseDouble(parts[0]),
        Double.parseDouble(parts[1]),
        Double.parseDouble(parts[2]),
        Double.parseDouble(parts[3]),
        Double.parseDouble(parts[4]));
  }

  String line() {
    return String.format(
        Locale.ROOT, "%.3f %.3f %.3f %.9g %.9g", generate, score, update, loss, gradientNorm);
  }

  double whole() {
    return generate + score + update;
  }
}
