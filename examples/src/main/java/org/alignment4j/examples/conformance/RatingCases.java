package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.statistics.BradleyTerry;
import org.alignment4j.core.statistics.Comparison;
import org.alignment4j.core.statistics.Elo;
import org.alignment4j.core.statistics.RatingScale;

/** Ratings of players from the battles between them. */
final class RatingCases {

  private static final String ELO = "elo_k";

  private final String kind;
  private final CaseRunner runner;

  RatingCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /**
   * Runs the case of each way of rating.
   *
   * @throws IOException if the file cannot be read
   */
  void run(Path file) throws IOException {
    Fixture fixture = Fixture.read(file);
    String group = String.valueOf(file.getFileName());
    for (String key : fixture.keys()) {
      if (key.startsWith(ELO)) {
        runner.run(kind, group, key, check -> elo(check, fixture, key));
      } else if (key.equals("bradley_terry")) {
        runner.run(kind, group, key, check -> bradleyTerry(check, fixture.get(key), fixture));
      }
    }
  }

  private static void elo(Check check, Fixture fixture, String key) {
    double k = Double.parseDouble(key.substring(ELO.length()));
    Map<String, Double> found = new Elo(k, RatingScale.STANDARD).sequential(battles(fixture));
    compare(check, "", found, ratings(fixture.get(key)), Tolerance.DOUBLE);
  }

  /**
   * The reference leaves its climb before the maximum, by more than the tolerance. So its climb is
   * repeated: where it is left, it must be at the reference; at its end, it must be at what the
   * library finds.
   */
  private static void bradleyTerry(Check check, Fixture reference, Fixture fixture) {
    List<Comparison> battles = battles(fixture);
    BattleClimb climb = new BattleClimb(battles);
    compare(check, "stopped ", climb.stopped(), ratings(reference), Tolerance.OPTIMUM);
    Map<String, Double> found = BradleyTerry.standard().fit(battles);
    compare(check, "", found, climb.finished(), Tolerance.OPTIMUM);
  }

  private static void compare(
      Check check,
      String what,
      Map<String, Double> actual,
      Map<String, Double> expected,
      Tolerance tolerance) {
    check.equal(what + "players", actual.keySet(), expected.keySet());
    expected.forEach(
        (player, rating) ->
            check.close(what + player, actual.getOrDefault(player, Double.NaN), rating, tolerance));
  }

  private static Map<String, Double> ratings(Fixture ratings) {
    Map<String, Double> byPlayer = new HashMap<>();
    ratings.keys().forEach(player -> byPlayer.put(player, ratings.get(player).number()));
    return byPlayer;
  }

  private static List<Comparison> battles(Fixture fixture) {
    List<Comparison> battles = new ArrayList<>();
    for (Fixture battle : fixture.get("battles").elements()) {
      List<Fixture> parts = battle.elements();
      String a = parts.get(0).text();
      String b = parts.get(1).text();
      battles.add(
          switch (parts.get(2).text()) {
            case "model_a" -> Comparison.first(a, b);
            case "model_b" -> Comparison.second(a, b);
            default -> Comparison.tie(a, b);
          });
    }
    return battles;
  }
}
