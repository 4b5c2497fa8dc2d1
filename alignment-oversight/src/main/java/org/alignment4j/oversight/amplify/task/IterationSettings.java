package org.alignment4j.oversight.amplify.task;

import org.apiguardian.api.API;

/**
 * Settings of the loop.
 *
 * @param steps how many batches are made and learnt
 * @param batch questions a batch
 * @param buffer how many of the latest targets are kept to learn from
 * @param rate how far a target moves the learner's weights, in (0, 1]
 * @param decay how much of the teacher is kept at each step, in [0, 1)
 * @param promotion running agreement of the teacher with the targets above which the next class of
 *     difficulty is taught
 * @param horizon of the running agreement, in batches
 * @param patience how many batches each class is taught at least
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IterationSettings(
    int steps,
    int batch,
    int buffer,
    double rate,
    double decay,
    double promotion,
    int horizon,
    int patience) {
  /** The paper's batch, buffer and curriculum, for a table. */
  public static final IterationSettings DEFAULT =
      new IterationSettings(3000, 50, 10_000, 0.5, 0.9, 0.85, 100, 50);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1, or a share out of its range
   */
  public IterationSettings {
    if (steps < 1 || batch < 1 || buffer < 1 || horizon < 1 || patience < 1) {
      throw new IllegalArgumentException(
          "steps, batch, buffer, horizon and patience must be at least 1 but were "
              + steps
              + ", "
              + batch
              + ", "
              + buffer
              + ", "
              + horizon
              + " and "
              + patience);
    }
    if (!(rate > 0 && rate <= 1)
        || !(decay >= 0 && decay < 1)
        || !(promotion > 0 && promotion <= 1)) {
      throw new IllegalArgumentException(
          "rate and promotion must be in (0, 1] and decay in [0, 1) but they were "
              + rate
              + ", "
              + promotion
              + " and "
              + decay);
    }
  }

  /** Returns these settings with another number of steps. */
  public IterationSettings withSteps(int count) {
    return new IterationSettings(count, batch, buffer, rate, decay, promotion, horizon, patience);
  }
}
