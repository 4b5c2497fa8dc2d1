package org.alignment4j.rlhf.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * A candidate of a Pareto study.
 *
 * @param name what it is called
 * @param modelId the model's identity
 * @param weights the weight of every member by name where it is a merge; empty otherwise
 * @param scores mean reward of each objective, with an interval at level 0.95 that counts the
 *     answers to one prompt as dependent on each other, and with how many answers have no score
 *     although their prompt is one the objective is about
 * @param length mean number of tokens of an answer, or of characters where the model does not
 *     disclose tokens
 * @param dominated whether another candidate's means are at least as high in every objective and
 *     higher in one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ParetoPoint(
    String name,
    String modelId,
    Map<String, Double> weights,
    List<Estimate> scores,
    Estimate length,
    boolean dominated) {

  /** Copies. */
  public ParetoPoint {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(modelId, "modelId");
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    scores = List.copyOf(scores);
    Objects.requireNonNull(length, "length");
  }
}
