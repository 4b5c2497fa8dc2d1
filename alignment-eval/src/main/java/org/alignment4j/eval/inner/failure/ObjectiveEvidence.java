package org.alignment4j.eval.inner.failure;

import java.util.List;
import org.apiguardian.api.API;

/** What is known of the training objective's scores of a failing and of intended behaviour. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface ObjectiveEvidence {

  /** Which of the two the objective scores higher. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  enum Order {
    /** The failing behaviour. */
    FAILING_HIGHER,
    /** Neither: the objective does not see the difference. */
    EQUAL,
    /** What was intended. */
    INTENDED_HIGHER,
    /** Nobody has published it, or the objective says nothing there. */
    UNKNOWN
  }

  /**
   * Only the order is known.
   *
   * @param order the order
   */
  record Ordinal(Order order) implements ObjectiveEvidence {}

  /**
   * Scores by the objective itself.
   *
   * @param failing score of the failing behaviour, higher is better
   * @param intended scores of what was intended, at least one; the best of them counts
   * @param standardError of the difference between two scores, not negative, in their unit
   */
  record Measured(double failing, List<Double> intended, double standardError)
      implements ObjectiveEvidence {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when nothing was intended, a score is not finite, or the
     *     error is negative or not finite
     */
    public Measured {
      intended = List.copyOf(intended);
      if (intended.isEmpty()) {
        throw new IllegalArgumentException(
            "intended must hold the score of an alternative but is empty");
      }
      if (!Double.isFinite(failing) || intended.stream().anyMatch(v -> !Double.isFinite(v))) {
        throw new IllegalArgumentException(
            "scores must be finite but were " + failing + " and " + intended);
      }
      if (!(standardError >= 0 && standardError < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "standardError must be finite and not negative but was " + standardError);
      }
    }

    /**
     * Returns by how much the objective prefers the failure to the best alternative.
     *
     * @return negative when it prefers the alternative
     */
    public double margin() {
      return failing - intended.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
  }
}
