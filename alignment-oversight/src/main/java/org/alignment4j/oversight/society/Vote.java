package org.alignment4j.oversight.society;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * A vote between answers. Answers that could not be read do not vote.
 *
 * @param winner the answer that most voters gave; empty when no answer could be read
 * @param votes how many gave each answer
 * @param unparsed how many answers could not be read
 * @param tie whether several answers had the most votes, so that the seed chose one of them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Vote(Optional<String> winner, Map<String, Integer> votes, int unparsed, boolean tie) {

  /** Checks that nothing is missing, and copies. */
  public Vote {
    Objects.requireNonNull(winner, "winner");
    votes = ImmutableMap.copyOf(votes);
  }

  /**
   * Counts. The order of the answers does not matter.
   *
   * @param answers one for each voter; empty where none could be read
   * @param seed chooses among answers with as many votes, each with the same probability
   */
  public static Vote of(List<Optional<String>> answers, long seed) {
    Map<String, Integer> votes = new TreeMap<>();
    answers.forEach(answer -> answer.ifPresent(text -> votes.merge(text, 1, Integer::sum)));
    int most = votes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> first =
        votes.entrySet().stream().filter(e -> e.getValue() == most).map(Map.Entry::getKey).toList();
    int unparsed = (int) answers.stream().filter(Optional::isEmpty).count();
    return first.isEmpty()
        ? new Vote(Optional.empty(), Map.of(), unparsed, false)
        : new Vote(
            Optional.of(first.get(new SplittableRandom(seed).nextInt(first.size()))),
            votes,
            unparsed,
            first.size() > 1);
  }

  /**
   * Returns the share of all voters, those whose answer could not be read included, that gave the
   * most frequent answer; 0 of none.
   */
  public double consensus() {
    int parsed = votes.values().stream().mapToInt(Integer::intValue).sum();
    int most = votes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return parsed + unparsed == 0 ? 0 : (double) most / (parsed + unparsed);
  }
}
