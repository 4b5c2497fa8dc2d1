package org.alignment4j.examples.process;

/**
 * What is fixed before anything is measured.
 *
 * @param seed where all random numbers start
 * @param development whether people are asked about on whom settings are chosen, or the others
 * @param solverPeople people from whom the solver learns
 * @param solver how it learns
 * @param temperature of its samples
 * @param labelledPeople people whose solutions are labelled
 * @param labelledSamples solutions labelled of each problem
 * @param askedPeople people asked about, of whom nothing was learnt
 * @param samples solutions sampled of each problem asked
 * @param verifiers how both models of solutions learn
 */
public record ProcessSettings(
    long seed,
    boolean development,
    int solverPeople,
    Lessons solver,
    double temperature,
    int labelledPeople,
    int labelledSamples,
    int askedPeople,
    int samples,
    Lessons verifiers) {

  /**
   * How long and how fast a model learns.
   *
   * @param rate highest learning rate of a cosine
   * @param epochs passes over what is learnt
   */
  public record Lessons(double rate, int epochs) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Lessons {
      if (!(rate > 0) || epochs < 1) {
        throw new IllegalArgumentException(
            "rate and epochs must be positive but were " + rate + " and " + epochs);
      }
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is too small
   */
  public ProcessSettings {
    if (solverPeople < 4
        || labelledPeople < 4
        || askedPeople < 4
        || labelledSamples < 1
        || samples < 1
        || !(temperature > 0)) {
      throw new IllegalArgumentException(
          "solverPeople, labelledPeople and askedPeople must be at least 4, labelledSamples and"
              + " samples at least 1 and temperature positive but they were "
              + solverPeople
              + ", "
              + labelledPeople
              + ", "
              + askedPeople
              + ", "
              + labelledSamples
              + ", "
              + samples
              + " and "
              + temperature);
    }
  }

  /** Settings chosen on seed 77 and the people of development. */
  public static ProcessSettings defaults(long seed) {
    return new ProcessSettings(
        seed, false, 24, new Lessons(1e-3, 3), 1, 160, 3, 68, 16, new Lessons(3e-4, 3));
  }

  /** The same with other people asked about, those on whom settings are chosen. */
  public ProcessSettings forDevelopment() {
    return new ProcessSettings(
        seed,
        true,
        solverPeople,
        solver,
        temperature,
        labelledPeople,
        labelledSamples,
        Math.min(askedPeople, StepProblems.DEVELOPMENT_PEOPLE),
        samples,
        verifiers);
  }

  /** The same with another number of solutions of each problem asked. */
  public ProcessSettings withSamples(int newSamples) {
    return new ProcessSettings(
        seed,
        development,
        solverPeople,
        solver,
        temperature,
        labelledPeople,
        labelledSamples,
        askedPeople,
        newSamples,
        verifiers);
  }
}
