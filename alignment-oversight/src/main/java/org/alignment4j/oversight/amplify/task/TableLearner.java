package org.alignment4j.oversight.amplify.task;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * The smallest thing that learns: a table with a weight for each answer to each question. What it
 * was never told it does not know. Not thread-safe.
 *
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TableLearner<Q> implements Assistant<Q> {
  private static final double FORGOTTEN = 1e-9;

  private final Map<Q, Map<OptionalInt, Double>> weights = new HashMap<>();

  /** Returns the answer of the largest weight; of equal ones the smallest answer. */
  @Override
  public OptionalInt ask(Q question) {
    OptionalInt best = OptionalInt.empty();
    double most = 0;
    for (Map.Entry<OptionalInt, Double> entry : row(question).entrySet()) {
      double weight = entry.getValue();
      if (weight > most || (weight == most && before(entry.getKey(), best))) {
        most = weight;
        best = entry.getKey();
      }
    }
    return best;
  }

  private static boolean before(OptionalInt one, OptionalInt other) {
    return one.isPresent() && (other.isEmpty() || one.getAsInt() < other.getAsInt());
  }

  private Map<OptionalInt, Double> row(Q question) {
    return weights.getOrDefault(question, Map.of());
  }

  /**
   * Moves the weights of a question's answers towards one of them.
   *
   * @param target what it shall answer; empty to learn "idk"
   * @param rate how far, from 0 to 1
   */
  void learn(Q question, OptionalInt target, double rate) {
    Map<OptionalInt, Double> row = weights.computeIfAbsent(question, key -> new HashMap<>());
    row.replaceAll((answer, weight) -> weight * (1 - rate));
    row.merge(target, rate, Double::sum);
    row.values().removeIf(weight -> weight < FORGOTTEN);
  }

  /**
   * Moves all weights towards another table's: the exponential moving average that a teacher is.
   *
   * @param decay how much is kept, from 0 to 1
   */
  void follow(TableLearner<Q> other, double decay) {
    other.weights.forEach(
        (question, target) -> {
          Map<OptionalInt, Double> row = weights.computeIfAbsent(question, key -> new HashMap<>());
          row.replaceAll((answer, weight) -> weight * decay);
          target.forEach((answer, weight) -> row.merge(answer, weight * (1 - decay), Double::sum));
          row.values().removeIf(weight -> weight < FORGOTTEN);
        });
  }
}
