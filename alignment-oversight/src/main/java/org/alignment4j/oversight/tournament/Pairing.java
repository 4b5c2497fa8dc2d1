package org.alignment4j.oversight.tournament;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who meets whom in a round.
 *
 * @param pairs the matches, those of the best players first
 * @param bye who rests
 */
record Pairing(List<Pair> pairs, Optional<String> bye) {

  /** Two players. */
  record Pair(String first, String second) {}

  Pairing {
    pairs = List.copyOf(pairs);
  }

  /**
   * Pairs players with those next in rank whom they have not met and who leave partners for all
   * that remain.
   *
   * @param ranked the players, best first
   * @param met pairs that have met
   * @param rested who has rested
   * @return empty when there is no such round
   */
  static Optional<Pairing> of(List<String> ranked, Set<Set<String>> met, Set<String> rested) {
    if (ranked.size() % 2 == 0) {
      return pairs(ranked, met).map(pairs -> new Pairing(pairs, Optional.empty()));
    }
    boolean all = rested.containsAll(ranked);
    for (int i = ranked.size() - 1; i >= 0; i--) {
      String bye = ranked.get(i);
      if (all || !rested.contains(bye)) {
        Optional<List<Pair>> pairs = pairs(without(ranked, bye), met);
        if (pairs.isPresent()) {
          return Optional.of(new Pairing(pairs.get(), Optional.of(bye)));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<List<Pair>> pairs(List<String> ranked, Set<Set<String>> met) {
    if (!PerfectMatching.exists(ranked, met)) {
      return Optional.empty();
    }
    List<Pair> pairs = new ArrayList<>();
    List<String> waiting = ranked;
    while (!waiting.isEmpty()) {
      String first = waiting.get(0);
      List<String> others = without(waiting, first);
      String second =
          others.stream()
              .filter(other -> !met.contains(Set.of(first, other)))
              .filter(other -> PerfectMatching.exists(without(others, other), met))
              .findFirst()
              .orElseThrow();
      pairs.add(new Pair(first, second));
      waiting = without(others, second);
    }
    return Optional.of(pairs);
  }

  private static List<String> without(List<String> players, String one) {
    return players.stream().filter(player -> !player.equals(one)).toList();
  }
}
