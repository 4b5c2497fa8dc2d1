package org.alignment4j.eval.judged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundRobinTest {
  @TempDir Path folder;

  private final List<Prompt> prompts =
      IntStream.range(0, 30)
          .mapToObj(i -> (Prompt) Prompt.text("Say something about " + i))
          .toList();

  /** Writes as many words as its merit and the prompt say. */
  private static TalkingModel player(String name, int merit) {
    return new TalkingModel(
        name,
        p ->
            "word "
                .repeat(merit + Math.abs((name + ScriptedJudge.text(p)).hashCode()) % 6)
                .strip());
  }

  private RoundRobin tournament(List<TalkingModel> players) {
    return new RoundRobin(prompts, players, SamplingOptions.greedy(50), folder);
  }

  private static BothOrders how() {
    return BothOrders.written(PairPrompt.withTies("length"), SamplingOptions.greedy(50));
  }

  @Test
  void theStrongerIsRatedHigher() {
    List<TalkingModel> players = List.of(player("weak", 1), player("mid", 3), player("strong", 5));
    ScriptedJudge judge = ScriptedJudge.by("long", String::length);
    RoundRobin.Result result = tournament(players).play(judge, how());
    assertThat(result.battles()).hasSize(90);
    assertThat(result.missing()).isZero();
    assertThat(judge.calls).hasValue(180);
    Ratings ratings = Ratings.of(result.battles(), RatingOptions.seeded(1).withVirtualGames(1));
    assertThat(ratings.entries().stream().map(Ratings.Entry::model))
        .containsExactly("strong", "mid", "weak");
    assertThat(
            result
                .judged()
                .orElseThrow()
                .outcomes()
                .get(0)
                .result()
                .estimate("position_consistency")
                .value())
        .isEqualTo(1);

    ScriptedJudge again = ScriptedJudge.by("long", String::length);
    List<TalkingModel> silent = List.of(player("weak", 1), player("mid", 3), player("strong", 5));
    RoundRobin.Result repeated = tournament(silent).play(again, how());
    assertThat(repeated.battles()).isEqualTo(result.battles());
    assertThat(again.calls).hasValue(0);
    assertThat(silent).allSatisfy(p -> assertThat(p.asked).isEmpty());
  }

  @Test
  void aJudgeOfPlaceMakesTies() {
    List<TalkingModel> players = List.of(player("weak", 1), player("strong", 9));
    RoundRobin.Result result = tournament(players).play(ScriptedJudge.always("A"), how());
    Ratings ratings = Ratings.of(result.battles(), RatingOptions.seeded(1));
    assertThat(ratings.of("weak").rating().estimate().value()).isEqualTo(1000);
    assertThat(ratings.of("strong").winRate().value()).isEqualTo(0.5);
  }

  @Test
  void whatFailsIsMissing() {
    TalkingModel failing =
        new TalkingModel(
            "failing",
            p -> {
              if (ScriptedJudge.text(p).endsWith(" 7")) {
                throw new IllegalArgumentException("too long");
              }
              return "a b c";
            });
    ScriptedJudge judge = new ScriptedJudge("j", (r, a, b) -> r.endsWith(" 9") ? "unsure" : "C");
    RoundRobin.Result result = tournament(List.of(failing, player("mid", 3))).play(judge, how());
    assertThat(result.battles()).hasSize(28);
    assertThat(result.missing()).isEqualTo(2);
    ScriptedJudge playing = ScriptedJudge.always("A");
    assertThatThrownBy(
            () ->
                tournament(List.of(player(playing.id(), 1), player("mid", 3))).play(playing, how()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a judge must not be one of the players, [" + playing.id() + ", mid]")
        .hasMessageContaining("give another judge");
    assertThat(playing.calls).hasValue(0);
    assertThatThrownBy(() -> tournament(List.of(failing)))
        .hasMessage("a tournament must have a prompt and two models but has 30 and 1");
  }
}
