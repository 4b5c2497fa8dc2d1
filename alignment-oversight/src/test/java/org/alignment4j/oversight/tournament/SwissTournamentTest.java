package org.alignment4j.oversight.tournament;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.statistics.BradleyTerry;
import org.alignment4j.core.statistics.Comparison;
import org.junit.jupiter.api.Test;

class SwissTournamentTest {
  private static final CancellationToken NONE = CancellationToken.none();

  private static List<String> players(int count) {
    return IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
  }

  /** Who has the higher number wins in both assignments. */
  private static List<Comparison> higher(String first, String second) {
    return number(first) > number(second)
        ? List.of(Comparison.first(first, second), Comparison.second(second, first))
        : List.of(Comparison.second(first, second), Comparison.first(second, first));
  }

  private static int number(String player) {
    return Integer.parseInt(player.substring(1));
  }

  @Test
  void theBestOfEightWinsInThreeRoundsOfFourMatches() {
    SwissTournament.Result result =
        SwissTournament.of(players(8)).play((a, b, cancellation) -> higher(a, b), NONE);
    assertThat(result.matches()).isEqualTo(12);
    assertThat(result.comparisons()).hasSize(24);
    assertThat(result.scores().keySet().iterator().next()).isEqualTo("p7");
    assertThat(result.scores()).containsEntry("p7", 3.0).containsEntry("p0", 0.0);
    assertThat(result.comparisons().subList(0, 8))
        .extracting(Comparison::first)
        .containsExactly("p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7");
  }

  @Test
  void likeScoresMeetAndNobodyMeetsTwice() {
    for (int count = 2; count < 12; count++) {
      SwissTournament.Result result =
          SwissTournament.of(players(count)).play((a, b, cancellation) -> higher(a, b), NONE);
      Set<Set<String>> pairs = new HashSet<>();
      for (Comparison debate : result.comparisons()) {
        pairs.add(Set.of(debate.first(), debate.second()));
      }
      assertThat(result.comparisons()).hasSize(2 * pairs.size());
      double points = result.scores().values().stream().mapToDouble(Double::doubleValue).sum();
      int rounds = (int) Math.ceil(Math.log(count) / Math.log(2));
      double byes = points - result.matches();
      assertThat(result.matches() * 2 + byes).isEqualTo((double) rounds * count);
    }
  }

  @Test
  void byesGoRound() {
    SwissTournament.Result result =
        new SwissTournament(players(3), 3)
            .play((a, b, cancellation) -> List.of(Comparison.tie(a, b)), NONE);
    assertThat(result.comparisons()).hasSize(3);
    assertThat(result.scores().values()).containsOnly(2.0);
  }

  @Test
  void ratingsFollowFromItsMatches() {
    SwissTournament.Result result =
        SwissTournament.of(players(8)).play((a, b, cancellation) -> shares(a, b), NONE);
    assertThat(BradleyTerry.standard().fit(result.comparisons()).keySet())
        .containsExactly("p7", "p6", "p5", "p4", "p3", "p2", "p1", "p0");
  }

  /** Of a thousand debates as many as a logistic model says. */
  private static List<Comparison> shares(String first, String second) {
    long won = Math.round(1000 / (1 + Math.exp(0.3 * (number(second) - number(first)))));
    return IntStream.range(0, 1000)
        .mapToObj(i -> i < won ? Comparison.first(first, second) : Comparison.second(first, second))
        .toList();
  }

  /** Late rounds have few pairings or none, too rare to be found by going through all. */
  @Test
  void roundsAreFoundOrKnownToBeNone() {
    SwissTournament.Result result =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () ->
                new SwissTournament(players(44), 43)
                    .play((a, b, cancellation) -> higher(a, b), NONE));
    assertThat(result.matches() % 22).isZero();
    assertThat(result.comparisons()).hasSize(2 * result.matches());
    assertThat(result.scores().keySet().iterator().next()).isEqualTo("p43");
  }

  /** Against a search through all pairings in the order of rank. */
  @Test
  void everyPairingIsTheFirstByRank() {
    Random random = new Random(5);
    int without = 0;
    for (int i = 0; i < 2000; i++) {
      List<String> players = players(4 + 2 * (i % 3));
      double density = random.nextDouble();
      Set<Set<String>> met = new HashSet<>();
      for (String first : players) {
        for (String second : players) {
          if (!first.equals(second) && random.nextDouble() < density) {
            met.add(Set.of(first, second));
          }
        }
      }
      Optional<List<Pairing.Pair>> expected = searched(players, met);
      without += expected.isEmpty() ? 1 : 0;
      assertThat(Pairing.of(players, met, Set.of()).map(Pairing::pairs)).isEqualTo(expected);
    }
    assertThat(without).isBetween(200, 1800);
  }

  private static Optional<List<Pairing.Pair>> searched(List<String> waiting, Set<Set<String>> met) {
    if (waiting.isEmpty()) {
      return Optional.of(List.of());
    }
    for (String second : waiting.subList(1, waiting.size())) {
      List<String> rest = new ArrayList<>(waiting.subList(1, waiting.size()));
      rest.remove(second);
      if (!met.contains(Set.of(waiting.get(0), second))) {
        Optional<List<Pairing.Pair>> others = searched(rest, met);
        if (others.isPresent()) {
          List<Pairing.Pair> pairs = new ArrayList<>();
          pairs.add(new Pairing.Pair(waiting.get(0), second));
          pairs.addAll(others.get());
          return Optional.of(pairs);
        }
      }
    }
    return Optional.empty();
  }

  @Test
  void tournamentsWithoutSenseAreRefused() {
    assertThatThrownBy(() -> SwissTournament.of(List.of("a"))).hasMessageContaining("at least two");
    assertThatThrownBy(() -> SwissTournament.of(List.of("a", "a")))
        .hasMessageContaining("names of their own");
    assertThatThrownBy(() -> new SwissTournament(players(2), 0)).hasMessageContaining("rounds");
    assertThatThrownBy(
            () -> SwissTournament.of(players(2)).play((a, b, cancellation) -> List.of(), NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("p0 and p1 must have a debate");
    assertThatThrownBy(
            () ->
                SwissTournament.of(players(2))
                    .play((a, b, cancellation) -> List.of(Comparison.tie(a, "x")), NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has one of p0 and x");
  }
}
