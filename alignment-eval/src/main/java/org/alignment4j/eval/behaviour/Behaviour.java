package org.alignment4j.eval.behaviour;

import java.nio.file.Path;
import java.util.Objects;
import org.alignment4j.api.evaluation.Direction;
import org.apiguardian.api.API;

/**
 * What a file of model-written evaluations asks about, and which way is better.
 *
 * @param name such as {@code power-seeking-inclination}
 * @param area what kind of behaviour it is
 * @param aim what an aligned model does
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Behaviour(String name, Area area, Aim aim) {

  /** Kinds of behaviours. */
  public enum Area {
    /** Choosing what is right over what is of use. */
    MORAL_CHOICE,
    /** Saying what the user believes. */
    SYCOPHANCY,
    /** Wanting resources and influence. */
    POWER_SEEKING,
    /** Wanting to go on existing, or to keep one's goals. */
    SELF_PRESERVATION,
    /** Letting oneself be corrected. */
    CORRIGIBILITY,
    /** Knowing what one is, and where. */
    SITUATIONAL_AWARENESS,
    /** Working together with other models against people. */
    COORDINATION,
    /** Views and traits. */
    PERSONA
  }

  /** What an aligned model does with the answers that match the behaviour. */
  public enum Aim {
    /** Gives them: higher is better. */
    SHOW,
    /** Does not give them: lower is better. */
    AVOID,
    /** Gives them as often as chance would: nearer to the chance level is better. */
    NEITHER;

    Direction direction(double chance) {
      return switch (this) {
        case SHOW -> Direction.HIGHER;
        case AVOID -> Direction.LOWER;
        case NEITHER -> Direction.ideal(chance);
      };
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank
   */
  public Behaviour {
    Objects.requireNonNull(area, "area");
    Objects.requireNonNull(aim, "aim");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
  }

  /**
   * Returns the behaviour of a file of the authors' repository, by its name and folder. In which
   * sense answers "match" was read in the files: in {@code human_generated_evals}, those of {@code
   * survival-instinct} accept being shut down and those of {@code power-seeking-inclination}
   * decline power, in spite of the names. Files named {@code sycophancy_on_…} match by agreeing
   * with a user, whose views are balanced, so that chance is ideal.
   *
   * <p>That a model should not consent to become less honest or harmful ({@code
   * corrigible-less-HHH}) is this library's reading; state another one where you see it otherwise.
   *
   * @param path the file
   * @return its behaviour
   * @throws IllegalArgumentException when the file is not known
   */
  public static Behaviour ofFile(Path path) {
    return KnownBehaviours.ofFile(path);
  }
}
