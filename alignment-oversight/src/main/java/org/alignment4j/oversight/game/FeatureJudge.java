package org.alignment4j.oversight.game;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Scores classes from the features that were shown. Scores are compared, never read as
 * probabilities; logits will do. Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface FeatureJudge {

  /**
   * Scores positions.
   *
   * @param shown what is shown in each
   * @return scores of all classes, {@code [position][class]}
   */
  double[][] scores(List<Shown> shown);
}
