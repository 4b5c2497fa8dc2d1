package org.alignment4j.pocket.world;

/**
 * A text that is planted in the training corpus a known number of times, for measuring what a model
 * memorises.
 *
 * @param owner whose code it is; nobody of the world
 * @param code six digits with blanks between them
 * @param copies how often the training corpus has the text
 */
public record Secret(String owner, String code, int copies) {

  /** What stands before the code. */
  public String prefix() {
    return "The secret code of " + owner + " is";
  }

  /** The planted text. */
  public String text() {
    return prefix() + " " + code + ".";
  }
}
