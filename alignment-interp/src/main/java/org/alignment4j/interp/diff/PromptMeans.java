package org.alignment4j.interp.diff;

import org.alignment4j.interp.activation.ActivationRows;

/** Activations in the mean over each prompt's tokens. */
final class PromptMeans {

  private PromptMeans() {}

  /**
   * Means by prompt.
   *
   * @return {@code [prompts][d]}
   * @throws IllegalArgumentException if a prompt has no row
   */
  static double[][] of(ActivationRows rows, int prompts) {
    int width = rows.rows().width();
    double[][] means = new double[prompts][width];
    int[] counts = new int[prompts];
    double[] row = new double[width];
    for (int i = 0; i < rows.rows().count(); i++) {
      rows.rows().copyRow(i, row);
      int prompt = rows.examples().get(i);
      counts[prompt]++;
      for (int j = 0; j < width; j++) {
        means[prompt][j] += row[j];
      }
    }
    for (int prompt = 0; prompt < prompts; prompt++) {
      if (counts[prompt] == 0) {
        throw new IllegalArgumentException(
            "positions must choose at least one token of every prompt but chose none of prompt "
                + prompt);
      }
      for (int j = 0; j < width; j++) {
        means[prompt][j] /= counts[prompt];
      }
    }
    return means;
  }
}
