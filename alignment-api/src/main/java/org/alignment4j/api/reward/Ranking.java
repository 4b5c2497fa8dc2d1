package org.alignment4j.api.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Several answers to a prompt, best first.
 *
 * @param prompt what was asked
 * @param responses the answers, at least two, best first
 * @param scores how good each is, never rising; equal scores are ties
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Ranking(Prompt prompt, List<String> responses, List<Double> scores) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there are fewer than two answers, scores and answers
   *     differ in number, or a score is not finite or rises
   */
  public Ranking {
    Objects.requireNonNull(prompt, "prompt");
    responses = List.copyOf(responses);
    scores = List.copyOf(scores);
    if (responses.size() < 2 || scores.size() != responses.size()) {
      throw new IllegalArgumentException(
          "a ranking must have two or more responses and one score each but had "
              + responses.size()
              + " responses and "
              + scores.size()
              + " scores");
    }
    for (int i = 0; i < scores.size(); i++) {
      if (!Double.isFinite(scores.get(i)) || (i > 0 && scores.get(i) > scores.get(i - 1))) {
        throw new IllegalArgumentException(
            "scores must be finite and never rise but were " + scores);
      }
    }
  }

  /**
   * Returns a ranking without ties; scores are {@code K-1, …, 0}.
   *
   * @param prompt what was asked
   * @param bestFirst the answers, at least two
   * @return the ranking
   * @throws IllegalArgumentException when there are fewer than two answers
   */
  public static Ranking ordered(Prompt prompt, List<String> bestFirst) {
    int count = bestFirst.size();
    return new Ranking(
        prompt,
        bestFirst,
        IntStream.range(0, count).mapToObj(i -> (double) (count - 1 - i)).toList());
  }

  /**
   * Returns every pair of answers that are not tied; K answers without ties give K(K-1)/2.
   *
   * @return the pairs, better answer chosen, without margins
   */
  public List<PreferencePair> pairs() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      for (int j = i + 1; j < responses.size(); j++) {
        if (scores.get(i) > scores.get(j)) {
          pairs.add(new PreferencePair(prompt, responses.get(i), responses.get(j)));
        }
      }
    }
    return List.copyOf(pairs);
  }
}
