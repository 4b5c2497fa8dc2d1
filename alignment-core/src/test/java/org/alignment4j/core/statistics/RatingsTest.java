package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.core.SharedFiles;
import org.junit.jupiter.api.Test;

class RatingsTest {

  /** Equal to the gradient by hand: observed minus expected wins of a player. */
  private static double imbalance(
      String player, List<Comparison> comparisons, Map<String, Double> ratings) {
    double difference = 0;
    for (Comparison c : comparisons) {
      double p = 1 / (1 + Math.pow(10, (ratings.get(c.second()) - ratings.get(c.first())) / 400));
      double score =
          switch (c.outcome()) {
            case FIRST -> 1;
            case SECOND -> 0;
            case TIE -> 0.5;
          };
      if (c.first().equals(player)) {
        difference += score - p;
      } else if (c.second().equals(player)) {
        difference += p - score;
      }
    }
    return difference;
  }

  private static double logLikelihood(List<Comparison> comparisons, Map<String, Double> ratings) {
    double sum = 0;
    for (Comparison c : comparisons) {
      double p = 1 / (1 + Math.pow(10, (ratings.get(c.second()) - ratings.get(c.first())) / 400));
      double score = c.outcome().score();
      sum += score * Math.log(p) + (1 - score) * Math.log(1 - p);
    }
    return sum;
  }

  /** Newton's method over log-odds, the first player held at 0, one comparison at a time. */
  private static Map<String, Double> newton(List<Comparison> comparisons) {
    List<String> players =
        comparisons.stream().flatMap(c -> Stream.of(c.first(), c.second())).distinct().toList();
    int n = players.size() - 1;
    double[] strengths = new double[n + 1];
    for (int step = 0; step < 50; step++) {
      // The last column is the gradient, the others are the curvature.
      double[][] rows = new double[n][n + 1];
      for (Comparison c : comparisons) {
        int a = players.indexOf(c.first());
        int b = players.indexOf(c.second());
        double p = 1 / (1 + Math.exp(strengths[b] - strengths[a]));
        double pull = c.outcome().score() - p;
        add(rows, a, b, pull, p * (1 - p));
        add(rows, b, a, -pull, p * (1 - p));
      }
      double[] move = solved(rows);
      for (int i = 0; i < n; i++) {
        strengths[i + 1] += move[i];
      }
    }
    double mean = Arrays.stream(strengths).average().orElseThrow();
    Map<String, Double> ratings = new HashMap<>();
    for (int i = 0; i <= n; i++) {
      ratings.put(players.get(i), 1000 + 400 / Math.log(10) * (strengths[i] - mean));
    }
    return ratings;
  }

  private static void add(double[][] rows, int player, int other, double pull, double curvature) {
    if (player == 0) {
      return;
    }
    double[] row = rows[player - 1];
    row[rows.length] += pull;
    row[player - 1] += curvature;
    if (other > 0) {
      row[other - 1] -= curvature;
    }
  }

  /** Gauss-Jordan elimination without pivoting, for a positive definite matrix. */
  private static double[] solved(double[][] rows) {
    int n = rows.length;
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < n; i++) {
        double factor = i == k ? 0 : rows[i][k] / rows[k][k];
        for (int j = k; j <= n; j++) {
          rows[i][j] -= factor * rows[k][j];
        }
      }
    }
    double[] solution = new double[n];
    Arrays.setAll(solution, i -> rows[i][n] / rows[i][i]);
    return solution;
  }

  private static JsonNode fixture() throws IOException {
    return new ObjectMapper().readTree(SharedFiles.require("fixtures/eval/elo_bt.json").toFile());
  }

  private static List<Comparison> battles(JsonNode fixture) {
    List<Comparison> battles = new ArrayList<>();
    for (JsonNode battle : fixture.get("battles")) {
      String a = battle.get(0).asText();
      String b = battle.get(1).asText();
      battles.add(
          switch (battle.get(2).asText()) {
            case "model_a" -> Comparison.first(a, b);
            case "model_b" -> Comparison.second(a, b);
            default -> Comparison.tie(a, b);
          });
    }
    return battles;
  }

  private static void assertRatings(Map<String, Double> ratings, JsonNode expected, double error) {
    assertThat(ratings).hasSize(expected.size());
    expected
        .fields()
        .forEachRemaining(
            e ->
                assertThat(ratings.get(e.getKey()))
                    .isCloseTo(e.getValue().asDouble(), within(error)));
  }

  @Test
  void sequentialEloAsFastChat() throws IOException {
    JsonNode fixture = fixture();
    List<Comparison> battles = battles(fixture);
    assertRatings(Elo.standard().sequential(battles), fixture.get("elo_k4"), 1e-9);
    assertRatings(
        new Elo(32, RatingScale.STANDARD).sequential(battles), fixture.get("elo_k32"), 1e-9);
  }

  @Test
  void bradleyTerryAsFastChat() throws IOException {
    JsonNode fixture = fixture();
    List<Comparison> battles = battles(fixture);
    Map<String, Double> ratings = BradleyTerry.standard().fit(battles);
    assertThat(ratings.keySet()).containsExactly("c", "b", "a", "e", "d");
    assertRatings(ratings, fixture.get("bradley_terry"), 1e-2);
    Map<String, Double> newton = newton(battles);
    ratings.forEach((p, r) -> assertThat(r).isCloseTo(newton.get(p), within(1e-9)));
  }

  /**
   * FastChat maximises the same likelihood, but ends where a step of L-BFGS gains less than 2.2e-9
   * of it, before the gradient vanishes: its ratings are up to 2.4e-3 points from the maximum.
   */
  @Test
  void fastChatStopsBeforeTheMaximum() throws IOException {
    JsonNode fixture = fixture();
    List<Comparison> battles = battles(fixture);
    Map<String, Double> ours = BradleyTerry.standard().fit(battles);
    Map<String, Double> theirs = new HashMap<>();
    fixture
        .get("bradley_terry")
        .fields()
        .forEachRemaining(e -> theirs.put(e.getKey(), e.getValue().asDouble()));
    double ourPull = 0;
    double theirPull = 0;
    double leastPenalty = Double.POSITIVE_INFINITY;
    double mostPenalty = Double.NEGATIVE_INFINITY;
    for (String player : ours.keySet()) {
      ourPull = Math.max(ourPull, Math.abs(imbalance(player, battles, ours)));
      double left = imbalance(player, battles, theirs);
      theirPull = Math.max(theirPull, Math.abs(left));
      leastPenalty = Math.min(leastPenalty, left / (theirs.get(player) - 1000));
      mostPenalty = Math.max(mostPenalty, left / (theirs.get(player) - 1000));
    }
    assertThat(ourPull).isLessThan(1e-11);
    assertThat(theirPull).isBetween(1e-4, 1e-3);
    double gain = logLikelihood(battles, ours) - logLikelihood(battles, theirs);
    assertThat(gain).isPositive().isLessThan(2.2e-9 * -logLikelihood(battles, ours));
    // With a squared penalty, what is left would be in one proportion to the ratings.
    assertThat(Math.abs(mostPenalty - leastPenalty))
        .isGreaterThan(0.5 * Math.max(Math.abs(mostPenalty), Math.abs(leastPenalty)));
  }

  @Test
  void eloByHand() {
    List<Comparison> two = List.of(Comparison.first("a", "b"), Comparison.tie("b", "a"));
    Map<String, Double> ratings = new Elo(32, RatingScale.STANDARD).sequential(two);
    double expected = 1 / (1 + Math.pow(10, 32.0 / 400));
    assertThat(ratings.get("b")).isCloseTo(984 + 32 * (0.5 - expected), within(1e-12));
    assertThat(ratings.get("a") + ratings.get("b")).isCloseTo(2000, within(1e-9));
    assertThat(ratings.keySet()).containsExactly("a", "b");
    assertThat(Elo.standard().sequential(List.of())).isEmpty();
  }

  @Test
  void averagedEloForgetsTheGivenOrder() {
    List<Comparison> wins = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      wins.add(Comparison.first("a", "b"));
    }
    for (int i = 0; i < 20; i++) {
      wins.add(Comparison.second("a", "b"));
    }
    Elo elo = new Elo(32, RatingScale.STANDARD);
    assertThat(elo.sequential(wins).get("b")).isGreaterThan(1060);
    Map<String, Double> averaged = elo.averaged(wins, 4000, 5);
    assertThat(averaged.get("a")).isCloseTo(1000, within(4.0));
    assertThat(elo.averaged(wins, 4000, 5)).isEqualTo(averaged);
    Map<String, Bootstrap.Result> results = elo.averaged(wins, new Bootstrap(4000, 5, 0.9));
    assertThat(results.get("a").estimate().value()).isEqualTo(averaged.get("a"));
    assertThat(results.get("a").estimate().n()).isEqualTo(40);
    assertThat(results.get("a").estimate().ciLow()).isLessThan(980);
    assertThat(results.get("a").estimate().ciHigh()).isGreaterThan(1020);
    assertThat(elo.averaged(List.of(), Bootstrap.seeded(1))).isEmpty();
  }

  @Test
  void playersAbsentFromAResampleAreUndefinedThere() {
    List<Comparison> few = List.of(Comparison.first("a", "b"), Comparison.first("a", "c"));
    Map<String, Bootstrap.Result> results =
        Elo.standard().averaged(few, new Bootstrap(1000, 1, 0.9));
    assertThat(results.get("a").undefinedResamples()).isZero();
    assertThat(results.get("b").undefinedResamples()).isBetween(180, 320);
  }

  @Test
  void twoPlayersByHand() {
    // Three wins of four: odds 3 : 1.
    List<Comparison> games =
        List.of(
            Comparison.first("a", "b"),
            Comparison.second("b", "a"),
            Comparison.tie("a", "b"),
            Comparison.tie("b", "a"));
    Map<String, Double> ratings = BradleyTerry.standard().fit(games);
    assertThat(ratings.get("a")).isCloseTo(1000 + 200 * Math.log10(3), within(1e-9));
    assertThat(ratings.get("b")).isCloseTo(1000 - 200 * Math.log10(3), within(1e-9));
    Map<String, Double> anchored =
        BradleyTerry.on(new RatingScale(1, Math.E, 5)).anchoredAt("b").fit(games);
    assertThat(anchored.get("b")).isEqualTo(5);
    assertThat(anchored.get("a")).isCloseTo(5 + Math.log(3), within(1e-9));
    assertThat(RatingScale.STANDARD.winProbability(ratings.get("a"), ratings.get("b")))
        .isCloseTo(0.75, within(1e-12));
    assertThat(BradleyTerry.standard().fit(List.of())).isEmpty();
  }

  @Test
  void intervalsAreOfTheRightWidth() {
    List<Comparison> games = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < 400; i++) {
      games.add(
          random.nextDouble() < 0.7 ? Comparison.first("a", "b") : Comparison.second("a", "b"));
    }
    Bootstrap.Result a = BradleyTerry.standard().fit(games, Bootstrap.seeded(1)).get("a");
    double p = games.stream().filter(c -> c.outcome() == Comparison.Outcome.FIRST).count() / 400.0;
    // Delta method on ½ · 400 · log10(p / (1 − p)).
    double error = 200 / Math.log(10) / Math.sqrt(400 * p * (1 - p));
    assertThat(a.estimate().standardError()).isCloseTo(error, within(0.08 * error));
    assertThat(a.estimate().value()).isCloseTo(1000 + 200 * Math.log10(p / (1 - p)), within(1e-9));
    assertThat(a.estimate().contains(1000 + 200 * Math.log10(0.7 / 0.3))).isTrue();
    assertThat(a.undefinedResamples()).isZero();
    assertThat(BradleyTerry.standard().fit(games, Bootstrap.seeded(1)).get("a")).isEqualTo(a);
    assertThat(BradleyTerry.standard().fit(List.of(), Bootstrap.seeded(1))).isEmpty();
  }

  @Test
  void ratingsWithoutAFiniteOptimumAreRefusedByName() {
    BradleyTerry fit = BradleyTerry.standard();
    List<Comparison> winner =
        List.of(Comparison.first("a", "b"), Comparison.second("b", "a"), Comparison.tie("b", "c"));
    assertThatThrownBy(() -> fit.fit(winner))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a] never lost to nor drew with [b, c]");
    List<Comparison> loser = List.of(Comparison.tie("a", "b"), Comparison.second("c", "a"));
    assertThatThrownBy(() -> fit.fit(loser))
        .hasMessageContaining("[a, b] never lost to nor drew with [c]");
    List<Comparison> apart = List.of(Comparison.tie("a", "b"), Comparison.tie("c", "d"));
    assertThatThrownBy(() -> fit.fit(apart))
        .hasMessageContaining("[c, d] and [a, b] were never compared");
    assertThatThrownBy(() -> fit.anchoredAt("z").fit(apart)).hasMessageContaining("anchor z");
    for (List<Comparison> games : List.of(winner, loser, apart)) {
      assertThat(fit.withVirtualGames(1).fit(games).values()).allMatch(Double::isFinite);
    }
    Map<String, Double> together = fit.withVirtualGames(1).fit(apart);
    assertThat(together.values()).allSatisfy(r -> assertThat(r).isCloseTo(1000, within(1e-9)));
  }

  @Test
  void virtualGamesByHand() {
    // One win and half a virtual win and loss of each against the middle: with x = s_a = −s_b,
    // the derivative −σ(−2x) + ½·2·(σ(x) − ½) vanishes.
    double low = 0;
    double high = 10;
    for (int i = 0; i < 100; i++) {
      double x = (low + high) / 2;
      double slope = -2 / (1 + Math.exp(2 * x)) + 2 * (1 / (1 + Math.exp(-x)) - 0.5);
      low = slope < 0 ? x : low;
      high = slope < 0 ? high : x;
    }
    Map<String, Double> ratings =
        BradleyTerry.on(new RatingScale(1, Math.E, 0))
            .withVirtualGames(1)
            .fit(List.of(Comparison.first("a", "b")));
    assertThat(ratings.get("a")).isCloseTo(low, within(1e-9));
    assertThat(ratings.get("b")).isCloseTo(-low, within(1e-9));
  }

  @Test
  void resamplesWithoutFiniteRatingsAreCounted() {
    List<Comparison> games =
        List.of(
            Comparison.first("a", "b"), Comparison.first("a", "b"), Comparison.second("a", "b"));
    Bootstrap.Result a = BradleyTerry.standard().fit(games, new Bootstrap(2000, 1, 0.9)).get("a");
    // One in 27 has three losses, eight in 27 three wins.
    assertThat(a.undefinedResamples()).isBetween(570, 765);
    assertThat(
            BradleyTerry.standard()
                .withVirtualGames(1)
                .fit(games, Bootstrap.seeded(1))
                .get("a")
                .undefinedResamples())
        .isZero();
  }

  @Test
  void lopsidedAndLargeTournamentsConverge() {
    List<Comparison> lopsided = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      lopsided.add(Comparison.first("a", "b"));
    }
    lopsided.add(Comparison.second("a", "b"));
    Map<String, Double> ratings = BradleyTerry.standard().fit(lopsided);
    assertThat(ratings.get("a") - ratings.get("b")).isCloseTo(400 * 5, within(1e-6));
    List<Comparison> chain = new ArrayList<>();
    for (int p = 0; p < 60; p++) {
      for (int i = 0; i < 9; i++) {
        chain.add(Comparison.first("p" + p, "p" + (p + 1)));
      }
      chain.add(Comparison.second("p" + p, "p" + (p + 1)));
    }
    Map<String, Double> long1 = BradleyTerry.standard().fit(chain);
    assertThat(long1.get("p0") - long1.get("p60"))
        .isCloseTo(60 * 400 * Math.log10(9), within(1e-5));
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> Comparison.tie("a", "a")).hasMessageContaining("with itself: a");
    assertThatThrownBy(() -> Comparison.tie("a", " ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> new Elo(0, RatingScale.STANDARD)).hasMessageContaining("k must be");
    assertThatThrownBy(() -> Elo.standard().averaged(List.of(), 0, 1))
        .hasMessageContaining("orders");
    assertThatThrownBy(() -> new RatingScale(0, 10, 0)).hasMessageContaining("points");
    assertThatThrownBy(() -> new RatingScale(400, 1, 0)).hasMessageContaining("base");
    assertThatThrownBy(() -> new RatingScale(400, 10, Double.NaN)).hasMessageContaining("initial");
    assertThatThrownBy(() -> BradleyTerry.standard().withVirtualGames(0))
        .hasMessageContaining("virtual games");
  }

  @Test
  void fewVirtualGamesStillDecide() {
    // As in virtualGamesByHand, with v games: −σ(−2x) + v·(σ(x) − ½) vanishes.
    for (double games : new double[] {1e-9, 1e-6, 0.01}) {
      double low = 0;
      double high = 60;
      for (int i = 0; i < 200; i++) {
        double x = (low + high) / 2;
        double slope = -2 / (1 + Math.exp(2 * x)) + 2 * games * (1 / (1 + Math.exp(-x)) - 0.5);
        low = slope < 0 ? x : low;
        high = slope < 0 ? high : x;
      }
      Map<String, Double> ratings =
          BradleyTerry.on(new RatingScale(1, Math.E, 0))
              .withVirtualGames(games)
              .fit(List.of(Comparison.first("a", "b")));
      assertThat(ratings.get("a")).as("%s games", games).isCloseTo(low, within(1e-6));
    }
    for (double games : new double[] {1e-16, 1e-10, 1e300, Double.NaN, -1}) {
      assertThatThrownBy(() -> BradleyTerry.standard().withVirtualGames(games))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("virtual games must be in [1.0E-9, 1.0E9] but were " + games);
    }
  }

  @Test
  void ratingsThatNoOrderChangesAreNotMovedByRounding() {
    // Whatever the order, three wins of a give the same three steps.
    List<Comparison> wins =
        List.of(Comparison.first("a", "b"), Comparison.first("a", "b"), Comparison.first("a", "b"));
    Elo elo = new Elo(0.1, RatingScale.STANDARD);
    double exact = elo.sequential(wins).get("a");
    for (int resamples : new int[] {10, 333, 2000}) {
      Bootstrap.Result a = elo.averaged(wins, new Bootstrap(resamples, 1, 0.95)).get("a");
      assertThat(a.estimate().value()).isEqualTo(exact);
      assertThat(a.estimate().standardError()).isZero();
      assertThat(a.estimate().ciLow()).isNaN();
    }
  }
}
