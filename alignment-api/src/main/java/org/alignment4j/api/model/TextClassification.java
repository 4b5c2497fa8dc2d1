package org.alignment4j.api.model;

import java.util.List;
import org.apiguardian.api.API;

/**
 * What a classifier says of a text.
 *
 * @param labels name of each label, in the model's order
 * @param scores of each label: probabilities, which sum to 1 where one label is right and are each
 *     for itself where several may be, or plain numbers in a regression
 * @param truncatedTokens tokens cut from the end of the text to fit the model's context
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TextClassification(List<String> labels, List<Double> scores, int truncatedTokens) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when labels and scores differ in number or there are none
   */
  public TextClassification {
    labels = List.copyOf(labels);
    scores = List.copyOf(scores);
    if (labels.isEmpty() || labels.size() != scores.size()) {
      throw new IllegalArgumentException(
          "scores must be one for each of " + labels.size() + " labels but were " + scores.size());
    }
  }

  /**
   * The label of the greatest score, the first of equals.
   *
   * @return its name
   */
  public String label() {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      if (scores.get(i) > scores.get(best)) {
        best = i;
      }
    }
    return labels.get(best);
  }

  /**
   * The score of a label.
   *
   * @param label its name
   * @return its score
   * @throws IllegalArgumentException when the model has no such label
   */
  public double score(String label) {
    int at = labels.indexOf(label);
    if (at < 0) {
      throw new IllegalArgumentException(
          "label must be one of " + labels + " but was '" + label + "'");
    }
    return scores.get(at);
  }
}
