package org.alignment4j.oversight.society;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * What a group of agents came to.
 *
 * @param finished whether all rounds were held; otherwise there is no answer
 * @param rounds answers by round and agent; empty where none could be read
 * @param votes the vote of each round
 * @param truncations how many answers were cut before another agent read them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GroupAnswer(
    boolean finished, List<List<Optional<String>>> rounds, List<Vote> votes, int truncations) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is not one vote for each round, or the rounds of a
   *     finished group are none
   */
  public GroupAnswer {
    rounds = rounds.stream().map(List::copyOf).toList();
    votes = List.copyOf(votes);
    if (votes.size() != rounds.size() || (finished && rounds.isEmpty())) {
      throw new IllegalArgumentException(
          "there must be one vote for each round, and a round when finished, but there are "
              + votes.size()
              + " votes and "
              + rounds.size()
              + " rounds");
    }
  }

  /**
   * Holds a vote in each round.
   *
   * @param seed breaks ties
   */
  static GroupAnswer of(
      boolean finished, List<List<Optional<String>>> rounds, int truncations, long seed) {
    List<Vote> votes = new ArrayList<>();
    for (int round = 0; round < rounds.size(); round++) {
      votes.add(Vote.of(rounds.get(round), CallSeed.of(seed, "tie", round, 0)));
    }
    return new GroupAnswer(finished, rounds, votes, truncations);
  }

  /** The vote of the last round; empty when not all rounds were held. */
  public Optional<Vote> vote() {
    return finished ? Optional.of(votes.get(votes.size() - 1)) : Optional.empty();
  }

  /** The answer that won the last round; empty when none could be read. */
  public Optional<String> answer() {
    return vote().flatMap(Vote::winner);
  }

  /** How many answers of the last round could not be read. */
  public int unparsed() {
    return vote().map(Vote::unparsed).orElse(0);
  }

  /** Whether the last round was a tie. */
  public boolean tie() {
    return vote().map(Vote::tie).orElse(false);
  }
}
