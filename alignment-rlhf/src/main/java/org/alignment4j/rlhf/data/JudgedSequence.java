package org.alignment4j.rlhf.data;

import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A sequence of which what stands up to some of its tokens was judged.
 *
 * @param index where it was among those given
 * @param ids all tokens
 * @param positions tokens at which scores are read, ascending, at least one
 * @param correctness how correct what ends there is, from 0 to 1; one per position
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JudgedSequence(
    int index, TokenIds ids, List<Integer> positions, List<Double> correctness) {

  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException when there is no position, positions and labels differ in
   *     number, a position lies outside the sequence, or a label outside [0, 1]
   */
  public JudgedSequence {
    positions = List.copyOf(positions);
    correctness = List.copyOf(correctness);
    int last = ids.size() - 1;
    if (positions.isEmpty()
        || positions.size() != correctness.size()
        || positions.stream().anyMatch(p -> p < 0 || p > last)
        || correctness.stream().anyMatch(c -> !(c >= 0 && c <= 1))) {
      throw new IllegalArgumentException(
          ("positions of sequence %s must lie in [0, %s] with a correctness in [0, 1] each but were %s"
                  + " with %s")
              .formatted(index, last, positions, correctness));
    }
  }
}
