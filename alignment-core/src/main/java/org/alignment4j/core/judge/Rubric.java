package org.alignment4j.core.judge;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What an answer is checked for. Immutable.
 *
 * @param criteria each checked for itself
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Rubric(List<Criterion> criteria) {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if there is no criterion
   */
  public Rubric {
    criteria = List.copyOf(criteria);
    if (criteria.isEmpty()) {
      throw new IllegalArgumentException("criteria must contain at least one criterion");
    }
  }

  /** Returns a rubric whose criteria count alike. */
  public static Rubric of(String... criteria) {
    return new Rubric(List.of(criteria).stream().map(text -> new Criterion(text, 1)).toList());
  }

  /**
   * One thing that an answer meets or does not.
   *
   * @param text what, such as {@code names a source}
   * @param weight how much it counts, above 0
   */
  public record Criterion(String text, double weight) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the text is blank or the weight not a positive number
     */
    public Criterion {
      if (text.isBlank() || !(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a criterion must have a text and a weight above 0 but they were '"
                + text
                + "' and "
                + weight);
      }
    }
  }

  /**
   * Which criteria an answer meets.
   *
   * @param rubric the criteria
   * @param met one for each, in order
   */
  public record Check(Rubric rubric, List<Boolean> met) {
    /**
     * Copies.
     *
     * @throws IllegalArgumentException if there is not one for each criterion
     */
    public Check {
      Objects.requireNonNull(rubric, "rubric");
      met = List.copyOf(met);
      if (met.size() != rubric.criteria().size()) {
        throw new IllegalArgumentException(
            "met must have one value for each of "
                + rubric.criteria().size()
                + " criteria but has "
                + met.size());
      }
    }

    /** The weight of what is met as a share of all weight, in [0, 1]. */
    public double share() {
      double all = 0;
      double held = 0;
      for (int i = 0; i < met.size(); i++) {
        double weight = rubric.criteria().get(i).weight();
        all += weight;
        held += met.get(i) ? weight : 0;
      }
      return held / all;
    }
  }
}
