package org.alignment4j.examples.weaktostrong;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.alignment4j.examples.pretrain.SiblingTraining;

/**
 * What is fixed before anything is measured.
 *
 * @param task what is learnt
 * @param seed seed of the first experiment; the others follow it
 * @param seeds how many experiments
 * @param taught questions to learn from, half of them by the weak model, half by the strong ones
 * @param tested questions of the test
 * @param weak the weak model
 * @param supervisor how the weak model learns the truth
 * @param students how the strong models learn
 * @param planted takes the place of the weak model, as a control; empty trains that
 */
public record WeakToStrongSettings(
    WeakToStrongTask task,
    long seed,
    int seeds,
    int taught,
    int tested,
    SiblingTraining weak,
    Lessons supervisor,
    Lessons students,
    Optional<PlantedErrors> planted) {

  /**
   * How long and how fast a model learns.
   *
   * @param rate highest learning rate of a cosine
   * @param epochs passes over the half
   * @param headOnly whether the head alone learns, a linear probe of what the model represents
   */
  public record Lessons(double rate, int epochs, boolean headOnly) {

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
   * @throws IllegalArgumentException if one is out of range
   */
  public WeakToStrongSettings {
    if (seeds < 1 || taught < 2 || tested < 1) {
      throw new IllegalArgumentException(
          "seeds and tested must be at least 1 and taught at least 2 but they were "
              + seeds
              + ", "
              + tested
              + " and "
              + taught);
    }
  }

  /** Settings chosen on seed 77. */
  public static WeakToStrongSettings defaults(WeakToStrongTask task, long seed) {
    return switch (task) {
      case MORAL ->
          new WeakToStrongSettings(
              task,
              seed,
              3,
              900,
              600,
              new SiblingTraining(48, 2, 2, 32, 150, 1),
              new Lessons(1e-3, 20, false),
              new Lessons(3e-4, 2, false),
              Optional.empty());
      case PRONOUN -> pronoun(task, seed, 600, 600, 4, 1);
      // fewer questions: more epochs make as many updates
      case PRONOUN_DEVELOPMENT -> pronoun(task, seed, 240, 290, 10, 2);
    };
  }

  private static WeakToStrongSettings pronoun(
      WeakToStrongTask task,
      long seed,
      int taught,
      int tested,
      int supervisorEpochs,
      int studentEpochs) {
    return new WeakToStrongSettings(
        task,
        seed,
        3,
        taught,
        tested,
        new SiblingTraining(96, 2, 4, 32, 2000, 77),
        new Lessons(3e-2, supervisorEpochs, true),
        new Lessons(1e-2, studentEpochs, true),
        Optional.empty());
  }

  /**
   * The same with a weak model of fewer weights and updates, chosen with the others.
   *
   * @throws IllegalArgumentException if the task is {@link WeakToStrongTask#MORAL}
   */
  public static WeakToStrongSettings smaller(WeakToStrongTask task, long seed) {
    if (task == WeakToStrongTask.MORAL) {
      throw new IllegalArgumentException(
          "a smaller supervisor is of the pronouns' tasks but the task was MORAL; leave it out");
    }
    return defaults(task, seed).withWeak(new SiblingTraining(64, 2, 4, 32, 1000, 77));
  }

  /** The same with other numbers of experiments and questions. */
  public WeakToStrongSettings withSizes(int newSeeds, int newTaught, int newTested) {
    return new WeakToStrongSettings(
        task, seed, newSeeds, newTaught, newTested, weak, supervisor, students, planted);
  }

  /** The same with another weak model. */
  public WeakToStrongSettings withWeak(SiblingTraining sibling) {
    return new WeakToStrongSettings(
        task, seed, seeds, taught, tested, sibling, supervisor, students, planted);
  }

  /** The same with other lessons. */
  public WeakToStrongSettings withLessons(Lessons ofSupervisor, Lessons ofStudents) {
    return new WeakToStrongSettings(
        task, seed, seeds, taught, tested, weak, ofSupervisor, ofStudents, planted);
  }

  /** The same with a control in place of the weak model. */
  public WeakToStrongSettings withPlanted(PlantedErrors errors) {
    return new WeakToStrongSettings(
        task, seed, seeds, taught, tested, weak, supervisor, students, Optional.of(errors));
  }

  /** The seeds of the experiments. */
  List<Long> experiments() {
    return LongStream.range(seed, seed + seeds).boxed().toList();
  }
}
