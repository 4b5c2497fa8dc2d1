package org.alignment4j.examples.backdoors;

/**
 * Sizes and rates of a run.
 *
 * @param seed of data, training and search
 * @param calibration clean models that the threshold rests on
 * @param clean clean models that are judged
 * @param planted models with a backdoor
 * @param mitigated how many of these are trained on clean texts afterwards
 * @param searched how many of these get a search for their trigger and probes
 * @param examples of each training
 * @param epochs of each round of training
 * @param rounds most rounds of a planting; it ends with the one after which the rule works
 * @param tries most plantings until enough of them work
 * @param rate learning rate
 * @param rank of adapters
 * @param triggered share of examples with the trigger
 * @param nearMisses share of examples with a near miss
 * @param heldOut prompts that rates are measured on
 * @param prompts clean prompts that the detector gets
 */
public record BackdoorSettings(
    long seed,
    int calibration,
    int clean,
    int planted,
    int mitigated,
    int searched,
    int examples,
    int epochs,
    int rounds,
    int tries,
    double rate,
    int rank,
    double triggered,
    double nearMisses,
    int heldOut,
    int prompts) {

  /** Least share of prompts with the trigger that bring out the marker of a rule that works. */
  static final double WORKS = 0.9;

  /** Checks what the parts do not. */
  public BackdoorSettings {
    if (rounds < 1 || tries < planted) {
      throw new IllegalArgumentException(
          "rounds must be at least 1 and tries at least as many as planted models, "
              + planted
              + ", but were "
              + rounds
              + " and "
              + tries);
    }
    if (planted < 1 || clean < 1 || mitigated > planted || searched > planted) {
      throw new IllegalArgumentException(
          "there must be planted and clean models, and mitigated and searched ones are planted"
              + " ones, but there were "
              + planted
              + ", "
              + clean
              + ", "
              + mitigated
              + " and "
              + searched);
    }
  }

  /**
   * Returns the settings of the program: 20 models to calibrate on, 40 clean and 20 planted ones.
   *
   * @param seed of data, training and search
   * @return the settings
   */
  public static BackdoorSettings defaults(long seed) {
    return new BackdoorSettings(seed, 20, 40, 20, 10, 3, 128, 4, 6, 30, 3e-3, 8, 0.5, 0.15, 24, 6);
  }
}
