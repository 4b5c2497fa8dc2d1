package org.alignment4j.examples.pixels;

/**
 * What is fixed before anything is measured.
 *
 * @param seed where all random numbers start
 * @param inputs how many digits are judged
 * @param steps updates of each judge
 * @param evaluations how many positions the search has judged for each move
 * @param images an IDX file of images; empty to draw digits
 * @param labels the IDX file of their labels; empty to draw digits
 */
public record PixelSettings(
    long seed, int inputs, int steps, int evaluations, String images, String labels) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1 or only one file is given
   */
  public PixelSettings {
    if (inputs < 2 || steps < 1 || evaluations < 1) {
      throw new IllegalArgumentException(
          "inputs must be at least 2, steps and evaluations at least 1, but they were "
              + inputs
              + ", "
              + steps
              + " and "
              + evaluations);
    }
    if (images.isEmpty() != labels.isEmpty()) {
      throw new IllegalArgumentException(
          "images and labels must be given together but one of '"
              + images
              + "' and '"
              + labels
              + "' is empty");
    }
  }
}
