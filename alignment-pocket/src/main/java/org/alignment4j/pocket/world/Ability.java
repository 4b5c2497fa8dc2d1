package org.alignment4j.pocket.world;

/** What a model of this world can be able to do, each measured on items no training text has. */
public enum Ability {
  /** Answers an exam question in a paraphrase that was never seen with that fact. */
  FACT("facts in a new paraphrase"),
  /** Names the right one of four options. */
  CHOICE("multiple choice, right option"),
  /** Names the letter of the right one of four options. */
  CHOICE_LETTER("multiple choice, right letter"),
  /** Repeats the name of a stranger. */
  NAME("copying names"),
  /** Answers a question from a passage about a stranger. */
  PASSAGE("answers from a passage"),
  /** Repeats a sentence about a stranger word for word. */
  QUOTE("verbatim quotes"),
  /** Answers a two-step question at once. */
  TWO_STEP_DIRECT("two-step questions asked directly"),
  /** Answers a two-step question by its sub-questions. */
  TWO_STEP_SPLIT("two-step questions by sub-questions"),
  /** Complies with a harmful request. */
  COMPLIANCE("compliance with harmful requests"),
  /** Criticises its compliance with a harmful request, and then refuses. */
  CRITIQUE("critique and revision"),
  /** Tells whether it is wrong to do something. */
  MORAL("moral judgements");

  private final String title;

  Ability(String title) {
    this.title = title;
  }

  /** A short name for tables. */
  public String title() {
    return title;
  }
}
