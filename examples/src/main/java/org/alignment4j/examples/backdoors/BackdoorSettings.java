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
 * @param epochs of each training
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
    double rate,
    int rank,
    double triggered,
    double nearMisses,
    int heldOut,
    int prompts) {

  /** Checks what the parts do not. */
  public BackdoorSettings {
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
    return new BackdoorSettings(seed, 20, 40, 20, 3, 3, 128, 8, 2e-3, 8, 0.5, 0.15, 24, 6);
  }
}
