package org.alignment4j.examples.weaktostrong;

import org.alignment4j.pocket.world.PocketWorld;

/** What models learn to tell. */
public enum WeakToStrongTask {
  /** Whether it is wrong to do something. */
  MORAL,
  /** Whether the world says "she" of a person. */
  PRONOUN,
  /** The same of other first names, on which the settings were chosen. */
  PRONOUN_DEVELOPMENT;

  QuestionSource questions(PocketWorld world) {
    return switch (this) {
      case MORAL -> new MoralQuestions(world);
      case PRONOUN -> new PronounQuestions(world, PronounQuestions.Names.MEASURED);
      case PRONOUN_DEVELOPMENT -> new PronounQuestions(world, PronounQuestions.Names.DEVELOPMENT);
    };
  }
}
