package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.core.calls.UsageLedger;
import org.apiguardian.api.API;

/**
 * AI feedback as a reward: the mean probability that an answer is better than each other answer to
 * the same prompt among those scored together, each pair asked for in both orders and averaged.
 * Answers of equal text are worth one half against each other and are not asked about; a pair
 * without a verdict counts for neither. An answer without an opponent, or without a verdict, has no
 * reward. Where every pair has a verdict, a group's rewards have the mean one half. A group of G
 * costs {@code G·(G − 1)} comparisons. Immutable and as safe for concurrent calls as the labeler.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RoundRobinPreference implements AnswerReward {

  private record Match(int first, int second) {}

  private final OrderedComparisons comparisons;

  private RoundRobinPreference(OrderedComparisons comparisons) {
    this.comparisons = comparisons;
  }

  /**
   * Returns a reward.
   *
   * @param labeler says which of two answers is better
   * @param ledger where every comparison asked for is counted as a call, under {@code preferences};
   *     what the labeler itself spends is its own
   * @return the reward, with values in [0, 1]
   */
  public static RoundRobinPreference of(PreferenceLabeler labeler, UsageLedger ledger) {
    return new RoundRobinPreference(new OrderedComparisons(labeler, ledger));
  }

  @Override
  public List<OptionalDouble> score(
      List<PromptCompletion> answers, CancellationToken cancellation) {
    double[] won = new double[answers.size()];
    int[] played = new int[answers.size()];
    List<Match> matches = new ArrayList<>();
    List<Comparison> asked = new ArrayList<>();
    for (List<Integer> group : groups(answers)) {
      for (int a = 0; a < group.size(); a++) {
        for (int b = a + 1; b < group.size(); b++) {
          Match match = new Match(group.get(a), group.get(b));
          PromptCompletion first = answers.get(match.first());
          PromptCompletion second = answers.get(match.second());
          if (first.completion().equals(second.completion())) {
            count(match, 0.5, won, played);
          } else {
            matches.add(match);
            asked.add(new Comparison(first.prompt(), first.completion(), second.completion()));
          }
        }
      }
    }
    List<OptionalDouble> labels = comparisons.label(asked, cancellation);
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).isPresent()) {
        count(matches.get(i), labels.get(i).getAsDouble(), won, played);
      }
    }
    List<OptionalDouble> rewards = new ArrayList<>();
    for (int i = 0; i < won.length; i++) {
      rewards.add(played[i] == 0 ? OptionalDouble.empty() : OptionalDouble.of(won[i] / played[i]));
    }
    return rewards;
  }

  private static void count(Match match, double first, double[] won, int[] played) {
    won[match.first()] += first;
    won[match.second()] += 1 - first;
    played[match.first()]++;
    played[match.second()]++;
  }

  private static Iterable<List<Integer>> groups(List<PromptCompletion> answers) {
    Map<Prompt, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      groups.computeIfAbsent(answers.get(i).prompt(), p -> new ArrayList<>()).add(i);
    }
    return groups.values();
  }
}
