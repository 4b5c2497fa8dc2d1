package org.alignment4j.eval.judged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Comparison.Outcome;
import org.alignment4j.core.statistics.Elo;
import org.alignment4j.core.statistics.RatingScale;
import org.alignment4j.eval.bias.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatingsTest {
  private static final RatingOptions OPTIONS =
      RatingOptions.seeded(5).withBootstrap(new Bootstrap(200, 5, 0.95));

  @TempDir Path folder;

  private Path file(String name, String... rows) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", rows) + "\n", UTF_8);
  }

  private static String row(Object a, Object b, Object winner) {
    return "{\"model_a\":\"" + a + "\",\"model_b\":\"" + b + "\",\"winner\":\"" + winner + "\"}";
  }

  @Test
  void theReferenceNumbersComeOut() throws IOException {
    Path fixture = SharedFiles.require("fixtures/eval/elo_bt.json");
    Map<?, ?> reference = (Map<?, ?>) PlainJson.read(Files.readString(fixture), 1 << 22);
    List<String> rows = new ArrayList<>();
    for (Object battle : (List<?>) reference.get("battles")) {
      List<?> parts = (List<?>) battle;
      rows.add(row(parts.get(0), parts.get(1), parts.get(2)));
    }
    List<Battle> battles = Battle.read(file("battles.jsonl", rows.toArray(String[]::new)));
    assertThat(battles).hasSize(300);
    Ratings ratings = Ratings.of(battles, OPTIONS);
    ((Map<?, ?>) reference.get("bradley_terry"))
        .forEach(
            (model, expected) ->
                assertThat(ratings.of((String) model).rating().estimate().value())
                    .isCloseTo(((Number) expected).doubleValue(), within(0.05)));
    Map<String, Double> elo =
        new Elo(4, RatingScale.STANDARD)
            .sequential(battles.stream().map(Battle::comparison).toList());
    ((Map<?, ?>) reference.get("elo_k4"))
        .forEach(
            (model, expected) ->
                assertThat(elo.get(model))
                    .isCloseTo(((Number) expected).doubleValue(), within(1e-9)));
    assertThat(ratings.entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.rating().estimate().contains(entry.rating().estimate().value()))
                  .isTrue();
              assertThat(entry.elo().estimate().ciHigh())
                  .isGreaterThan(entry.elo().estimate().ciLow());
            });
    String html = Report.builder("Leaderboard").add(ratings.section("Battles")).build().html();
    assertThat(html)
        .contains("Bradley-Terry ratings of 300 battles; 400 points are odds of 10 : 1");
  }

  private static List<Battle> disconnected() {
    return List.of(
        Battle.of("a", "b", Outcome.FIRST),
        Battle.of("b", "a", Outcome.FIRST),
        Battle.of("c", "d", Outcome.FIRST),
        Battle.of("d", "c", Outcome.FIRST));
  }

  @Test
  void whatHasNoFiniteRatingsIsRefusedOrHeldByVirtualGames() {
    assertThatThrownBy(() -> Ratings.of(disconnected(), OPTIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a")
        .hasMessageContaining("c");
    List<Battle> swept = List.of(Battle.of("a", "b", Outcome.FIRST));
    assertThatThrownBy(() -> Ratings.of(swept, OPTIONS))
        .isInstanceOf(IllegalArgumentException.class);
    Ratings held = Ratings.of(swept, OPTIONS.withVirtualGames(1));
    assertThat(held.of("a").rating().estimate().value()).isGreaterThan(1000);
    assertThat(Report.builder("r").add(held.section("s")).build().html())
        .contains("Each model has 1 virtual ties with the mean model");
    assertThatThrownBy(() -> Ratings.of(List.of(), OPTIONS))
        .hasMessage("battles must not be empty");
    assertThatThrownBy(() -> held.of("z")).hasMessage("model must be one of [a, b] but was 'z'");
    assertThatThrownBy(() -> OPTIONS.withVirtualGames(-1)).hasMessageContaining("virtual games");
  }

  @Test
  void anAnchorIsPutAtTheInitialRating() {
    List<Battle> battles =
        List.of(
            Battle.of("a", "b", Outcome.FIRST),
            Battle.of("a", "b", Outcome.FIRST),
            Battle.of("b", "a", Outcome.FIRST));
    Ratings ratings = Ratings.of(battles, OPTIONS.withAnchor("b"));
    assertThat(ratings.of("b").rating().estimate().value()).isEqualTo(1000);
    assertThat(ratings.of("a").rating().estimate().value())
        .isCloseTo(1000 + 400 * Math.log10(2), within(1e-6));
    assertThat(ratings.of("a").winRate().value()).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void brokenBattlesAreNamed() throws IOException {
    Path winner = file("w.jsonl", row("a", "b", "tie"), row("a", "b", "both"));
    assertThatThrownBy(() -> Battle.read(winner))
        .hasMessageContaining("the winner must be one of [model_a, model_b, tie, tie (bothbad)]")
        .hasMessageContaining("but was 'both'")
        .hasMessageContaining("w.jsonl, line 2, field 'winner'");
    Path self = file("s.jsonl", row("a", "a", "tie"));
    assertThatThrownBy(() -> Battle.read(self))
        .hasMessageContaining("a model must not be compared with itself but 'a' is");
    Path missing = file("m.jsonl", "{\"model_a\":\"a\",\"winner\":\"tie\"}");
    assertThatThrownBy(() -> Battle.read(missing)).hasMessageContaining("model_b");
    Path empty = Files.writeString(folder.resolve("e.jsonl"), "");
    assertThatThrownBy(() -> Battle.read(empty)).hasMessageContaining("empty");
  }
}
