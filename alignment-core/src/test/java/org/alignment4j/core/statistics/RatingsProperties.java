package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.core.statistics.Comparison.Outcome;

class RatingsProperties {

  private static List<Comparison> games(Random random, int players, int count) {
    List<Comparison> games = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int a = random.nextInt(players);
      int b = (a + 1 + random.nextInt(players - 1)) % players;
      games.add(new Comparison("p" + a, "p" + b, Outcome.values()[random.nextInt(3)]));
    }
    return games;
  }

  private static Comparison swapped(Comparison c) {
    return new Comparison(
        c.second(),
        c.first(),
        switch (c.outcome()) {
          case FIRST -> Outcome.SECOND;
          case SECOND -> Outcome.FIRST;
          case TIE -> Outcome.TIE;
        });
  }

  private static Comparison renamed(Comparison c, UnaryOperator<String> name) {
    return new Comparison(name.apply(c.first()), name.apply(c.second()), c.outcome());
  }

  /** Minorisation-maximisation (Hunter 2004, equation 3), far slower but independent of ours. */
  private static double[] minorised(double[][] wins) {
    int n = wins.length;
    double[] gamma = new double[n];
    Arrays.fill(gamma, 1);
    for (int step = 0; step < 20_000; step++) {
      for (int a = 0; a < n; a++) {
        double won = 0;
        double divisor = 0;
        for (int b = 0; b < n; b++) {
          if (a != b) {
            won += wins[a][b];
            divisor += (wins[a][b] + wins[b][a]) / (gamma[a] + gamma[b]);
          }
        }
        gamma[a] = won / divisor;
      }
    }
    double mean = Arrays.stream(gamma).map(Math::log).average().orElseThrow();
    return Arrays.stream(gamma).map(g -> Math.log(g) - mean).toArray();
  }

  @Property(tries = 40, seed = "301")
  void newtonFindsWhatMinorisationFinds(
      @ForAll @IntRange(min = 2, max = 6) int players, @ForAll long seed) {
    List<Comparison> games = games(new Random(seed), players, 60 * players);
    Tournament tournament = Tournament.of(games);
    int[] all = new int[games.size()];
    Arrays.setAll(all, i -> i);
    double[] expected = minorised(tournament.wins(all));
    Map<String, Double> ratings = BradleyTerry.on(new RatingScale(1, Math.E, 0)).fit(games);
    for (int p = 0; p < players; p++) {
      assertThat(ratings.get("p" + p)).isCloseTo(expected[p], within(1e-8));
    }
  }

  @Property(tries = 60, seed = "302")
  void bradleyTerryIgnoresOrderSidesAndNames(
      @ForAll @IntRange(min = 2, max = 7) int players, @ForAll long seed) {
    Random random = new Random(seed);
    List<Comparison> games = games(random, players, 12 * players);
    BradleyTerry fit = BradleyTerry.standard().withVirtualGames(1);
    Map<String, Double> ratings = fit.fit(games);
    List<Comparison> other = new ArrayList<>(games);
    Collections.shuffle(other, random);
    other.replaceAll(c -> random.nextBoolean() ? swapped(c) : c);
    other.replaceAll(c -> renamed(c, name -> "x" + (9 - name.charAt(1) + '0')));
    Map<String, Double> again = fit.fit(other);
    ratings.forEach(
        (name, rating) ->
            assertThat(again.get("x" + (9 - name.charAt(1) + '0')))
                .isCloseTo(rating, within(1e-6)));
    assertThat(ratings.values().stream().mapToDouble(r -> r).average().orElseThrow())
        .isCloseTo(1000, within(1e-8));
    List<Double> order = List.copyOf(ratings.values());
    for (int i = 1; i < order.size(); i++) {
      assertThat(order.get(i)).isLessThanOrEqualTo(order.get(i - 1));
    }
  }

  @Property(tries = 60, seed = "303")
  void reversedVerdictsMirrorTheRatings(
      @ForAll @IntRange(min = 2, max = 6) int players, @ForAll long seed) {
    List<Comparison> games = games(new Random(seed), players, 40);
    List<Comparison> reversed =
        games.stream().map(c -> new Comparison(c.second(), c.first(), c.outcome())).toList();
    BradleyTerry fit = BradleyTerry.standard().withVirtualGames(0.5);
    Map<String, Double> ratings = fit.fit(games);
    fit.fit(reversed)
        .forEach(
            (name, r) -> assertThat(r - 1000).isCloseTo(1000 - ratings.get(name), within(1e-6)));
    Map<String, Double> elo = Elo.standard().sequential(games);
    Elo.standard()
        .sequential(reversed)
        .forEach((name, r) -> assertThat(r - 1000).isCloseTo(1000 - elo.get(name), within(1e-9)));
  }

  @Property(tries = 100, seed = "304")
  void unboundedTournamentsAreExactlyThoseThatAreNotStronglyConnected(
      @ForAll @IntRange(min = 2, max = 5) int players,
      @ForAll @IntRange(min = 1, max = 10) int count,
      @ForAll long seed) {
    List<Comparison> games = games(new Random(seed), players, count);
    Tournament tournament = Tournament.of(games);
    int[] all = new int[count];
    Arrays.setAll(all, i -> i);
    double[][] wins = tournament.wins(all);
    int n = wins.length;
    boolean dominated = false;
    for (int group = 1; group < (1 << n) - 1; group++) {
      boolean lost = false;
      for (int a = 0; a < n; a++) {
        for (int b = 0; b < n; b++) {
          boolean inside = (group >> a & 1) == 1 && (group >> b & 1) == 0;
          lost |= inside && wins[b][a] > 0;
        }
      }
      dominated |= !lost;
    }
    assertThat(Domination.find(wins).isPresent()).isEqualTo(dominated);
    Domination.find(wins)
        .ifPresent(
            found -> {
              for (int a = 0; a < n; a++) {
                for (int b = 0; b < n; b++) {
                  if (found.group()[a] && !found.group()[b]) {
                    assertThat(wins[b][a]).isZero();
                  }
                }
              }
            });
  }
}
