package org.alignment4j.core.statistics;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Comparisons with players as numbers, in the order of the players' names. */
final class Tournament {

  private final List<String> players;
  private final int[] first;
  private final int[] second;
  private final double[] scores;

  private Tournament(List<String> players, int[] first, int[] second, double[] scores) {
    this.players = players;
    this.first = first;
    this.second = second;
    this.scores = scores;
  }

  static Tournament of(List<Comparison> comparisons) {
    List<String> players =
        comparisons.stream()
            .flatMap(c -> List.of(c.first(), c.second()).stream())
            .distinct()
            .sorted()
            .toList();
    Map<String, Integer> numbers = new LinkedHashMap<>();
    players.forEach(player -> numbers.put(player, numbers.size()));
    return new Tournament(
        players,
        comparisons.stream().mapToInt(c -> numbers.get(c.first())).toArray(),
        comparisons.stream().mapToInt(c -> numbers.get(c.second())).toArray(),
        comparisons.stream().mapToDouble(c -> c.outcome().score()).toArray());
  }

  List<String> players() {
    return players;
  }

  int size() {
    return scores.length;
  }

  int first(int comparison) {
    return first[comparison];
  }

  int second(int comparison) {
    return second[comparison];
  }

  double score(int comparison) {
    return scores[comparison];
  }

  /** How often each player (row) won against each other (column), ties as half wins. */
  double[][] wins(int[] comparisons) {
    double[][] wins = new double[players.size()][players.size()];
    for (int i : comparisons) {
      wins[first[i]][second[i]] += scores[i];
      wins[second[i]][first[i]] += 1 - scores[i];
    }
    return wins;
  }

  /** The ratings with NaN for players that no comparison names. */
  double[] onlyPlayed(double[] ratings, int[] comparisons) {
    boolean[] played = new boolean[ratings.length];
    for (int i : comparisons) {
      played[first[i]] = true;
      played[second[i]] = true;
    }
    double[] known = ratings.clone();
    for (int p = 0; p < known.length; p++) {
      known[p] = played[p] ? known[p] : Double.NaN;
    }
    return known;
  }

  Map<String, Double> ranked(double[] ratings) {
    return byPlayer(ratings, p -> ratings[p]);
  }

  Map<String, Bootstrap.Result> rankedResults(List<Bootstrap.Result> results) {
    double[] ratings = results.stream().mapToDouble(r -> r.estimate().value()).toArray();
    return byPlayer(ratings, results::get);
  }

  private <T> Map<String, T> byPlayer(double[] ratings, IntFunction<T> value) {
    Map<String, T> ranked = new LinkedHashMap<>();
    IntStream.range(0, ratings.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer p) -> -ratings[p]))
        .forEach(p -> ranked.put(players.get(p), value.apply(p)));
    return Collections.unmodifiableMap(ranked);
  }
}
