package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.SequenceRewards;

/**
 * The best and the worst of the answers to each prompt.
 *
 * @param pairs of the prompts that something can be learned from
 * @param ties prompts left out since their best and worst score the same
 * @param identical prompts left out since best and worst are the same tokens
 * @param unscored prompts left out since fewer than two of their answers have a score
 */
record OnlinePairs(List<Pair> pairs, int ties, int identical, int unscored) {

  /**
   * A pair.
   *
   * @param chosen place of the best answer in the step
   * @param rejected place of the worst
   * @param margin by how much their scores differ, not negative
   */
  record Pair(int chosen, int rejected, double margin) {}

  OnlinePairs {
    pairs = List.copyOf(pairs);
  }

  /** Pairs the answers of a step: of equal scores the first is the best and the last the worst. */
  static OnlinePairs of(List<Rollout> answers, Groups groups, SequenceRewards scores, Ties ties) {
    double[] values = scores.totals();
    List<Pair> pairs = new ArrayList<>();
    int tied = 0;
    int identical = 0;
    int unscored = 0;
    for (int group = 0; group < groups.count(); group++) {
      int best = -1;
      int worst = -1;
      for (int i : groups.members(group)) {
        if (scores.present(i)) {
          best = best < 0 || values[i] > values[best] ? i : best;
          worst = worst < 0 || values[i] <= values[worst] ? i : worst;
        }
      }
      if (best == worst) {
        unscored++;
      } else if (answers.get(best).tokens().equals(answers.get(worst).tokens())) {
        identical++;
      } else if (values[best] == values[worst] && ties == Ties.DROP) {
        tied++;
      } else {
        pairs.add(new Pair(best, worst, values[best] - values[worst]));
      }
    }
    return new OnlinePairs(pairs, tied, identical, unscored);
  }

  /** Shares of the prompts, by metric. */
  Map<String, Double> metrics() {
    double prompts = pairs.size() + ties + identical + unscored;
    return Map.of(
        "pairs/kept", pairs.size() / prompts,
        "pairs/ties", ties / prompts,
        "pairs/identical", identical / prompts,
        "pairs/unscored", unscored / prompts);
  }
}
