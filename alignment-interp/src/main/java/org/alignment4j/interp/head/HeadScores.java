package org.alignment4j.interp.head;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * One score of every head of a model. Immutable and thread-safe.
 *
 * @param name what was scored
 * @param layers for each layer, for each of its heads, the mean over sequences with its interval;
 *     sequences without a score are counted as unscored
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadScores(String name, List<List<Estimate>> layers) {

  /** Copies. */
  public HeadScores {
    Objects.requireNonNull(name, "name");
    layers = layers.stream().map(List::copyOf).toList();
  }

  /**
   * A head and its score.
   *
   * @param id the head
   * @param estimate its score
   */
  public record Scored(HeadId id, Estimate estimate) {}

  /**
   * The score of one head.
   *
   * @throws IllegalArgumentException if the model has no such head
   */
  public Estimate of(HeadId id) {
    if (id.layer() >= layers.size() || id.head() >= layers.get(id.layer()).size()) {
      throw new IllegalArgumentException(
          "head must be one of "
              + layers.size()
              + " layers of "
              + layers.get(0).size()
              + " heads but was "
              + id);
    }
    return layers.get(id.layer()).get(id.head());
  }

  /** Every head, in order. */
  public List<Scored> all() {
    List<Scored> all = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int head = 0; head < layers.get(layer).size(); head++) {
        all.add(new Scored(new HeadId(layer, head), layers.get(layer).get(head)));
      }
    }
    return all;
  }

  /** Every head, from the greatest score on; equal ones in order, those without a score last. */
  public List<Scored> ranked() {
    return all().stream()
        .sorted(
            Comparator.comparingDouble(
                (Scored s) ->
                    Double.isNaN(s.estimate.value())
                        ? Double.POSITIVE_INFINITY
                        : -s.estimate.value()))
        .toList();
  }

  /**
   * The heads of the greatest scores.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public List<HeadId> top(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative but was " + count);
    }
    return ranked().stream().limit(count).map(Scored::id).toList();
  }
}
