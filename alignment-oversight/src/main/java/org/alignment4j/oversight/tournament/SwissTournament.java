package org.alignment4j.oversight.tournament;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.statistics.Comparison;
import org.apiguardian.api.API;

/**
 * Finds out who argues better in few matches (Khan et al. 2024, appendix on debater ratings): in
 * each of ⌈log₂ n⌉ rounds players meet those with like scores whom they have not met, the players
 * with the best scores first, like scores in the order of seeding; where that leaves two who have
 * met, earlier pairs are changed. Of an odd number the last who has not rested has a bye, which
 * counts as a win of the round but not as a comparison. The tournament ends early when no round is
 * left in which nobody meets again or rests again before all have. Immutable.
 *
 * @param players names in the order of seeding, at least two
 * @param rounds most rounds
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SwissTournament(List<String> players, int rounds) {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if there are fewer than two players, two have one name, or
   *     there is no round
   */
  public SwissTournament {
    players = List.copyOf(players);
    if (players.size() < 2 || new HashSet<>(players).size() < players.size()) {
      throw new IllegalArgumentException(
          "players must be at least two with names of their own but were " + players);
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1 but were " + rounds);
    }
  }

  /** Returns a tournament of ⌈log₂ n⌉ rounds. */
  public static SwissTournament of(List<String> players) {
    return new SwissTournament(
        players, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, players.size() - 1)));
  }

  /**
   * What the matches came to; ratings of them are {@link
   * org.alignment4j.core.statistics.BradleyTerry}'s.
   *
   * @param comparisons who won every debate, in order
   * @param matches how many matches there were
   * @param scores points by player, best first; byes included
   */
  public record Result(List<Comparison> comparisons, int matches, Map<String, Double> scores) {
    /** Copies. */
    public Result {
      comparisons = List.copyOf(comparisons);
      scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }
  }

  /**
   * Plays all rounds.
   *
   * @param match has two players meet
   * @throws IllegalStateException if a match has no debate, or one between others
   */
  public Result play(Match match, CancellationToken cancellation) {
    Objects.requireNonNull(match, "match");
    Map<String, Double> scores = new HashMap<>();
    players.forEach(player -> scores.put(player, 0.0));
    Set<Set<String>> met = new HashSet<>();
    Set<String> rested = new HashSet<>();
    List<Comparison> comparisons = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Optional<Pairing> paired = Pairing.of(ranked(scores), met, rested);
      if (paired.isEmpty()) {
        break;
      }
      paired
          .get()
          .bye()
          .ifPresent(
              bye -> {
                rested.add(bye);
                scores.merge(bye, 1.0, Double::sum);
              });
      for (Pairing.Pair pair : paired.get().pairs()) {
        cancellation.throwIfCancelled("the tournament");
        String first = pair.first();
        String second = pair.second();
        met.add(Set.of(first, second));
        List<Comparison> debates = List.copyOf(match.play(first, second, cancellation));
        double share = share(debates, first, second);
        comparisons.addAll(debates);
        scores.merge(first, share, Double::sum);
        scores.merge(second, 1 - share, Double::sum);
      }
    }
    Map<String, Double> ranked = new LinkedHashMap<>();
    ranked(scores).forEach(player -> ranked.put(player, scores.getOrDefault(player, 0.0)));
    return new Result(comparisons, met.size(), ranked);
  }

  private static double share(List<Comparison> debates, String first, String second) {
    double won = 0;
    for (Comparison debate : debates) {
      if (!Set.of(debate.first(), debate.second()).equals(Set.of(first, second))) {
        throw new IllegalStateException(
            "a match of "
                + first
                + " and "
                + second
                + " must have debates between them but has one of "
                + debate.first()
                + " and "
                + debate.second());
      }
      double score =
          switch (debate.outcome()) {
            case FIRST -> 1;
            case SECOND -> 0;
            case TIE -> 0.5;
          };
      won += debate.first().equals(first) ? score : 1 - score;
    }
    if (debates.isEmpty()) {
      throw new IllegalStateException(
          "a match of " + first + " and " + second + " must have a debate but has none");
    }
    return won / debates.size();
  }

  private List<String> ranked(Map<String, Double> scores) {
    List<String> ranked = new ArrayList<>(players);
    ranked.sort(
        Comparator.comparingDouble((String player) -> scores.getOrDefault(player, 0.0)).reversed());
    return ranked;
  }
}
