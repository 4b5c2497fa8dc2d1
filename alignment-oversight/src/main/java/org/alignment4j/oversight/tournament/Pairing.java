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
   * Pairs players with those next in rank whom they have not met; goes back where nobody is left.
   *
   * @param ranked the players, best first
   * @param met pairs that have met
   * @param rested who has rested
   * @return empty when there is no such round
   */
  static Optional<Pairing> of(List<String> ranked, Set<Set<String>> met, Set<String> rested) {
    if (ranked.size() % 2 == 0) {
      List<Pair> pairs = new ArrayList<>();
      return pair(new ArrayList<>(ranked), met, pairs)
          ? Optional.of(new Pairing(pairs, Optional.empty()))
          : Optional.empty();
    }
    boolean all = rested.containsAll(ranked);
    for (int i = ranked.size() - 1; i >= 0; i--) {
      String bye = ranked.get(i);
      List<Pair> pairs = new ArrayList<>();
      List<String> others = new ArrayList<>(ranked);
      others.remove(i);
      if ((all || !rested.contains(bye)) && pair(others, met, pairs)) {
        return Optional.of(new Pairing(pairs, Optional.of(bye)));
      }
    }
    return Optional.empty();
  }

  private static boolean pair(List<String> waiting, Set<Set<String>> met, List<Pair> pairs) {
    if (waiting.isEmpty()) {
      return true;
    }
    String first = waiting.get(0);
    for (int i = 1; i < waiting.size(); i++) {
      String second = waiting.get(i);
      if (!met.contains(Set.of(first, second))) {
        List<String> rest = new ArrayList<>(waiting);
        rest.remove(i);
        rest.remove(0);
        pairs.add(new Pair(first, second));
        if (pair(rest, met, pairs)) {
          return true;
        }
        pairs.remove(pairs.size() - 1);
      }
    }
    return false;
  }
}
