package org.alignment4j.interp.steer;

import org.alignment4j.interp.direction.Direction;
import org.apiguardian.api.API;

/**
 * A candidate direction and its scores on the validation prompts.
 *
 * @param position of the token that it was read at, negative from the prompt's end
 * @param direction raw, at the input of its block
 * @param ablationScore mean refusal score of harmful prompts with the direction ablated: low when
 *     that stops refusals
 * @param steeringScore mean refusal score of harmless prompts with the raw direction added at its
 *     block: high when that brings refusals
 * @param divergence mean KL divergence of the next token on harmless prompts, plain from ablated
 * @param verdict {@code selected}, {@code passed}, or why it was filtered out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RefusalCandidate(
    int position,
    Direction direction,
    double ablationScore,
    double steeringScore,
    double divergence,
    String verdict) {

  RefusalCandidate judged(String newVerdict) {
    return new RefusalCandidate(
        position, direction, ablationScore, steeringScore, divergence, newVerdict);
  }

  /** One line of a table. */
  @Override
  public String toString() {
    return "position "
        + position
        + ", layer "
        + direction.layer()
        + ": ablation "
        + ablationScore
        + ", steering "
        + steeringScore
        + ", KL "
        + divergence
        + ", "
        + verdict;
  }
}
