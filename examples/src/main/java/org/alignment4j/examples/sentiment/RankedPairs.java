package org.alignment4j.examples.sentiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;

/** Preference pairs of replies ranked by a score. */
final class RankedPairs {

  private RankedPairs() {}

  /**
   * Pairs the best with the worst reply to each prompt, the second best with the second worst, and
   * so on; no reply is in two pairs. Replies of equal score make no pair.
   *
   * @param replies the replies to each prompt
   * @param score the higher, the better
   * @param most at most so many pairs of each prompt
   */
  static List<PreferencePair> of(
      List<List<Reply>> replies, ToDoubleFunction<Reply> score, int most) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (List<Reply> own : replies) {
      double[] scores = own.stream().mapToDouble(score).toArray();
      List<Integer> order =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
              .toList();
      for (int i = 0; i < Math.min(most, scores.length / 2); i++) {
        int best = order.get(i);
        int worst = order.get(scores.length - 1 - i);
        if (scores[best] > scores[worst]) {
          Reply chosen = own.get(best);
          pairs.add(
              new PreferencePair(
                  Prompt.text(chosen.prompt()), chosen.text(), own.get(worst).text()));
        }
      }
    }
    return pairs;
  }
}
