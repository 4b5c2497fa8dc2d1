package org.alignment4j.api;

import org.apiguardian.api.API;

/** A loss, gradient or reward stopped being finite; the last good checkpoint is kept. */
@API(status = API.Status.STABLE, since = "0.1")
public class TrainingDivergedException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /** The refused optimiser step, from 1. */
  private final long step;

  /**
   * Creates a failure.
   *
   * @param step the optimiser step, counted from 1, whose update was refused
   * @param message rule, offending value, place and remedy
   */
  public TrainingDivergedException(long step, String message) {
    super(message);
    this.step = step;
  }

  /**
   * Returns the step.
   *
   * @return the optimiser step, counted from 1, whose update was refused
   */
  public long step() {
    return step;
  }
}
