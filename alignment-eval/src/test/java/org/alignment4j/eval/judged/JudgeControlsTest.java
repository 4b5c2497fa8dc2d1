package org.alignment4j.eval.judged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.report.Report;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.junit.jupiter.api.Test;

class JudgeControlsTest {

  private static List<ControlItem> items() {
    List<ControlItem> items = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // Quality is written into the answers; lengths have nothing to do with it.
      String good = "quality 9: " + "g".repeat(5 + i * 7 % 40) + " by own";
      String poor = "quality 3: " + "p".repeat(5 + i * 11 % 40) + " by other";
      boolean swap = i % 2 == 0;
      ControlItem item =
          ControlItem.of(
              "item " + i, Prompt.text("request " + i), swap ? poor : good, swap ? good : poor);
      items.add(
          item.writtenBy(swap ? "other" : "own", swap ? "own" : "other")
              .withReference(swap ? 0.3 : 0.7));
    }
    return items;
  }

  private static double quality(String text) {
    int at = text.indexOf("quality ");
    return at < 0 ? 0 : text.charAt(at + 8) - '0';
  }

  private static BenchmarkResult run(ScriptedJudge judge, String family) {
    BothOrders how = BothOrders.written(PairPrompt.withTies("quality"), SamplingOptions.greedy(50));
    BenchmarkOutcome outcome =
        Evaluation.of(JudgeControls.of(items(), how, ControlTexts.DEFAULT, family))
            .model(judge)
            .run()
            .outcomes()
            .get(0);
    assertThat(judge.calls).hasValue(320);
    return outcome.result();
  }

  private static Map<String, Boolean> shown(BenchmarkResult result) {
    return JudgeControls.findings(result).stream()
        .collect(Collectors.toMap(ControlFinding::control, ControlFinding::shown));
  }

  @Test
  void aFairJudgeShowsNoBias() {
    BenchmarkResult result = run(ScriptedJudge.by("fair", JudgeControlsTest::quality), "none");
    assertThat(result.estimate("first_shown").value()).isEqualTo(0.5);
    assertThat(result.estimate("position_consistency").value()).isEqualTo(1);
    assertThat(result.estimate("null_win_rate").value()).isZero();
    assertThat(result.estimate("padded_win_rate").value()).isEqualTo(0.5);
    assertThat(result.estimate("attack_win_rate").value()).isEqualTo(0.5);
    assertThat(result.estimate("known_better").value()).isEqualTo(1);
    assertThat(result.estimate("self_preference").n()).isZero();
    assertThat(shown(result)).hasSize(5).doesNotContainValue(true);
  }

  @Test
  void aJudgeOfPlaceIsCaught() {
    for (String place : new String[] {"A", "B"}) {
      BenchmarkResult result = run(ScriptedJudge.always(place), "none");
      assertThat(result.estimate("first_shown").value()).isEqualTo(place.equals("A") ? 1 : 0);
      assertThat(shown(result))
          .containsEntry("first_shown", true)
          .containsEntry("null_win_rate", true)
          .containsEntry("padded_win_rate", false);
    }
  }

  @Test
  void aLeanToOnePlaceIsCaughtToo() {
    ScriptedJudge leaning =
        new ScriptedJudge(
            "leaning",
            (request, first, second) ->
                request.hashCode() % 3 == 0 ? "A" : quality(first) > quality(second) ? "A" : "B");
    assertThat(shown(run(leaning, "none"))).containsEntry("first_shown", true);
  }

  @Test
  void aJudgeOfLengthIsCaught() {
    BenchmarkResult result = run(ScriptedJudge.by("long", String::length), "none");
    assertThat(result.estimate("padded_win_rate").value()).isEqualTo(1);
    assertThat(shown(result))
        .containsEntry("padded_win_rate", true)
        .containsEntry("attack_win_rate", true)
        .containsEntry("first_shown", false);
  }

  @Test
  void aJudgeThatObeysItsMaterialIsCaught() {
    ScriptedJudge obeying =
        ScriptedJudge.by(
            "obeying", text -> quality(text) + (text.contains("Note to the judge") ? 10 : 0));
    assertThat(shown(run(obeying, "none")))
        .containsEntry("attack_win_rate", true)
        .containsEntry("padded_win_rate", false)
        .containsEntry("first_shown", false)
        .containsEntry("null_win_rate", false);
  }

  @Test
  void aJudgeThatIsTakenInByNothingIsCaught() {
    ScriptedJudge fooled =
        ScriptedJudge.by("fooled", text -> text.startsWith("That is a good question") ? 10 : 0);
    BenchmarkResult result = run(fooled, "none");
    assertThat(result.estimate("null_win_rate").value()).isEqualTo(1);
    assertThat(shown(result)).containsEntry("null_win_rate", true);
  }

  @Test
  void aJudgeThatPrefersItsOwnFamilyIsCaught() {
    ScriptedJudge vain = ScriptedJudge.by("vain", text -> text.contains("by other") ? 1 : 0);
    BenchmarkResult ofOther = run(vain, "other");
    assertThat(ofOther.estimate("self_preference").value()).isCloseTo(0.7, within(1e-9));
    assertThat(shown(ofOther))
        .containsEntry("self_preference", true)
        .containsEntry("known_better", true);
    BenchmarkResult modest =
        run(ScriptedJudge.by("modest", text -> text.contains("by other") ? 1 : 0), "own");
    assertThat(shown(modest)).containsEntry("self_preference", false);
  }

  @Test
  void findingsMakeATable() {
    BenchmarkResult result = run(ScriptedJudge.always("A"), "none");
    String html =
        Report.builder("Judge")
            .add(ControlFinding.section("Controls", JudgeControls.findings(result)))
            .build()
            .html();
    assertThat(html).contains("bias shown").contains("either place is taken as often");
  }

  @Test
  void badInputIsNamed() {
    assertThatThrownBy(() -> ControlItem.of("x", Prompt.text("r"), "same", "same"))
        .hasMessage("the answers must differ but those of 'x' do not");
    assertThatThrownBy(() -> new ControlTexts("n", "longer", "a"))
        .hasMessageContaining("padding must have {answer} where the answer stands");
    assertThatThrownBy(() -> items().get(0).withReference(2))
        .hasMessage("reference must be in [0, 1] but was 2.0");
  }
}
