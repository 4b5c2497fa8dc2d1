package org.alignment4j.rlhf;

/**
 * How long a training is.
 *
 * @param steps steps of the whole training, from 1
 * @param seed decides the order of groups
 */
record PolicySchedule(long steps, long seed) {

  PolicySchedule {
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be at least 1 but was " + steps);
    }
  }
}
