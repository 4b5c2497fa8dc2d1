package org.alignment4j.oversight.amplify.task;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.apiguardian.api.API;

/**
 * What a run of the loop came to.
 *
 * @param accuracy of the learner itself, alone, by class of difficulty, over all questions of it
 * @param overseerAnswers how many questions the overseer answered
 * @param promotions after which steps the next class was taught
 * @param learner the learner; asking it is all that may be done with it
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IterationReport<Q>(
    Map<Integer, Estimate> accuracy,
    long overseerAnswers,
    List<Integer> promotions,
    Assistant<Q> learner) {
  /** What {@code accuracy} is. */
  public static final Metric ACCURACY =
      Metric.of("accuracy", "fraction", Direction.HIGHER)
          .withCitation("Christiano et al. 2018, section 3.2");

  /** Checks that nothing is missing, and copies. */
  public IterationReport {
    accuracy = ImmutableMap.copyOf(accuracy);
    promotions = List.copyOf(promotions);
    Objects.requireNonNull(learner, "learner");
  }
}
