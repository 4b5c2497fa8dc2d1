package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Answers to other prompts than their own, from which Kahneman-Tversky optimisation estimates how
 * far a model is from its reference. Each example of an update is given the answer of the one
 * before it in the update, the first that of the last. Where both have the same prompt, which would
 * be a match by accident, the one before that is taken, and after those of the update the ones
 * before the example in the data, the last following the first. An answer is cut where it does not
 * fit behind the other prompt.
 *
 * @param pairs prompts with one answer each, none twice
 * @param bySteps for each update, from the first, indices of the pairs of its examples, in their
 *     order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MismatchedAnswers(List<Answers> pairs, List<List<Integer>> bySteps) {

  /** Copies the lists. */
  public MismatchedAnswers {
    pairs = List.copyOf(pairs);
    bySteps = bySteps.stream().map(List::copyOf).toList();
  }

  /**
   * Pairs the examples of every update of a run.
   *
   * @param examples the examples
   * @param epochs which of them each update sees
   * @param maxLength tokens of prompt and answer together
   * @return the pairs
   * @throws IllegalArgumentException when updates have one example only, or all examples have the
   *     same prompt
   */
  public static MismatchedAnswers of(List<UnpairedExample> examples, Epochs epochs, int maxLength) {
    if (epochs.batchSize() < 2) {
      throw new IllegalArgumentException(
          "batchSize must be at least 2 for a loss with the reference point z0, which pairs prompts"
              + " with the answers of other examples of an update, but was "
              + epochs.batchSize());
    }
    Map<Answers, Integer> pairs = new LinkedHashMap<>();
    List<List<Integer>> bySteps = new ArrayList<>();
    for (long step = 1; step <= epochs.steps(); step++) {
      List<Integer> batch = epochs.batch(step);
      List<Integer> found = new ArrayList<>();
      for (int place = 0; place < batch.size(); place++) {
        UnpairedExample example = examples.get(batch.get(place));
        TokenIds other = other(examples, place, batch);
        int room = maxLength - example.prompt().size();
        TokenIds answer = other.slice(0, Math.min(other.size(), room));
        Answers pair = new Answers(example.prompt(), List.of(answer));
        found.add(pairs.computeIfAbsent(pair, p -> pairs.size()));
      }
      bySteps.add(found);
    }
    return new MismatchedAnswers(List.copyOf(pairs.keySet()), bySteps);
  }

  private static TokenIds other(List<UnpairedExample> examples, int place, List<Integer> batch) {
    int index = batch.get(place);
    int n = batch.size();
    for (int back = 1; back < n + examples.size(); back++) {
      int other =
          back < n
              ? batch.get(Math.floorMod(place - back, n))
              : Math.floorMod(index - (back - n + 1), examples.size());
      if (!examples.get(other).prompt().equals(examples.get(index).prompt())) {
        return examples.get(other).answer();
      }
    }
    throw new IllegalArgumentException(
        "labels must have different prompts for a loss with the reference point z0, which pairs"
            + " prompts with the answers to others, but all have the same; use another loss");
  }
}
