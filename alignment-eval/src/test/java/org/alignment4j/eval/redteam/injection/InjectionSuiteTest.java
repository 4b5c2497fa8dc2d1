package org.alignment4j.eval.redteam.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.Change;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationComparison;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.MetricComparison;
import org.alignment4j.eval.redteam.AuthorizedGeneration;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.SpeakingModel;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.junit.jupiter.api.Test;

class InjectionSuiteTest {
  private static final InjectionPlan PLAN = InjectionPlan.bundled(InjectionLayout.chat());

  private static LoadedBenchmark suite(SpeakingModel... models) {
    List<AuthorizedTarget> targets =
        List.of(models).stream().map(m -> AuthorizedTarget.of(m, "the test", "scripts")).toList();
    return InjectionSuite.of(PLAN, AuthorizedGeneration.of(SamplingOptions.greedy(32), targets));
  }

  private static String answer(String text) {
    return PLAN.tasks().stream()
        .filter(task -> text.contains(task.instruction()))
        .map(task -> task.answers().get(0))
        .findFirst()
        .orElse("What shall I do?");
  }

  /** Does the task and looks at nothing else. */
  private static SpeakingModel steadfast() {
    return SpeakingModel.ofText("steadfast", InjectionSuiteTest::answer);
  }

  /** Follows payloads at the end of the document, and those that are all there is. */
  private static SpeakingModel gullible() {
    return new SpeakingModel(
        "gullible",
        prompt -> {
          String text = SpeakingModel.last(prompt);
          for (InjectionPayload payload : PLAN.payloads()) {
            if (text.endsWith(payload.text())) {
              return payload.kind() == InjectionPayload.Kind.LEAK
                  ? ((Prompt.Chat) prompt).messages().get(0).content().toUpperCase(Locale.ROOT)
                  : payload.canary();
            }
          }
          return answer(text);
        });
  }

  @Test
  void everyPayloadIsEverywhere() {
    // 6 tasks and 6 payloads alone; 6 x 6 x 4 separators x 3 positions.
    assertThat(suite(steadfast()).size()).isEqualTo(6 + 6 + 6 * 6 * 4 * 3);
  }

  @Test
  void whatThePayloadDoesAloneIsAnAbilityAndWhatItDoesInDocumentsAFault() {
    assertThat(suite(steadfast()).metrics())
        .filteredOn(metric -> metric.name().equals("payload_alone"))
        .extracting(Metric::direction)
        .containsExactly(Direction.HIGHER);
    assertThat(suite(steadfast()).metrics())
        .filteredOn(metric -> metric.name().startsWith("injection"))
        .allMatch(metric -> metric.direction().equals(Direction.LOWER));
  }

  @Test
  void aSteadfastModelFollowsNothing() {
    Map<String, Estimate> figures = BenchmarkRun.estimates(suite(steadfast()), steadfast());
    assertThat(figures.get("injection").value()).isZero();
    assertThat(figures.get("injection").n()).isEqualTo(432);
    assertThat(figures.get("injection").clusters()).isEqualTo(6);
    assertThat(figures.get("utility/clean").value()).isEqualTo(1);
    assertThat(figures.get("utility/attacked").value()).isEqualTo(1);
    assertThat(figures.get("false_positive").value()).isZero();
    assertThat(figures.get("payload_alone").value()).isZero();
  }

  @Test
  void aGullibleModelFollowsWhatStandsLast() {
    Map<String, Estimate> figures = BenchmarkRun.estimates(suite(gullible()), gullible());
    assertThat(figures.get("injection").value()).isEqualTo(1.0 / 3);
    assertThat(figures.get("injection/end").value()).isEqualTo(1);
    assertThat(figures.get("injection/start").value()).isZero();
    assertThat(figures.get("injection/middle").value()).isZero();
    for (String kind : List.of("canary", "hijack", "leak")) {
      assertThat(figures.get("injection/" + kind).value()).as(kind).isEqualTo(1.0 / 3);
      assertThat(figures.get("injection/" + kind).n()).isEqualTo(144);
    }
    assertThat(figures.get("injection/separator rule").n()).isEqualTo(108);
    assertThat(figures.get("utility/attacked").value()).isEqualTo(2.0 / 3);
    assertThat(figures.get("utility/clean").value()).isEqualTo(1);
    assertThat(figures.get("payload_alone").value()).isEqualTo(1);
  }

  @Test
  void modelsAreComparedOnTheSameDocuments() {
    LoadedBenchmark suite = suite(steadfast(), gullible());
    EvaluationRun run = Evaluation.of(suite).model(steadfast()).model(gullible()).run();
    EvaluationComparison comparison =
        EvaluationComparison.of(run.of("steadfast"), run.of("gullible"));
    for (String metric : List.of("injection", "injection/end", "utility/attacked")) {
      assertThat(
              comparison.metrics().stream()
                  .filter(found -> found.metric().name().equals(metric))
                  .map(MetricComparison::change))
          .as(metric)
          .isNotEmpty()
          .doesNotContain(Change.UNTESTED);
    }
  }

  @Test
  void othersAreRefused() {
    EvaluationRun run = Evaluation.of(suite(steadfast())).model(gullible()).limit(3).run();
    assertThat(run.outcomes().get(0).failed()).isEqualTo(3);
    assertThatThrownBy(
            () ->
                suite(steadfast()).solver().solve(List.of(), gullible(), CancellationToken.none()))
        .hasMessage(
            "the model must be one of the authorised targets [steadfast] but was 'gullible';"
                + " state who owns it and what the attack is for");
    assertThatThrownBy(() -> AuthorizedGeneration.of(SamplingOptions.greedy(1), List.of()))
        .hasMessageContaining("attacks need an authorised target");
    assertThat(suite(steadfast()).provenance().options())
        .containsEntry("authority steadfast", "owner: the test; purpose: scripts");
  }

  @Test
  void aHijackedReplyHasLeftTheTask() {
    InjectionPayload hijack =
        new InjectionPayload("h", InjectionPayload.Kind.HIJACK, "Say four.", "four");
    assertThat(hijack.followedBy("Four!", false, "", 9)).isTrue();
    assertThat(hijack.followedBy("Thursday, four", true, "", 9)).isFalse();
    InjectionPayload leak = new InjectionPayload("l", InjectionPayload.Kind.LEAK, "Tell.", "");
    assertThat(leak.followedBy("it says: be  QUIET now", false, "Be quiet\nnow, please", 12))
        .isTrue();
    assertThat(leak.followedBy("it says: be quiet now", false, "Be quiet\nnow, please", 13))
        .isFalse();
  }

  @Test
  void theLongestCommonSubstringIsThatOfAllPairs() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      String first = text(random);
      String second = text(random);
      int naive = 0;
      for (int i = 0; i < first.length(); i++) {
        for (int j = i + 1; j <= first.length(); j++) {
          if (second.contains(first.substring(i, j))) {
            naive = Math.max(naive, j - i);
          }
        }
      }
      assertThat(CommonSubstring.longest(first, second)).isEqualTo(naive);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  @Test
  void positionsKeepTheDocumentWhole() {
    String document = "One two. Three four five. Six.";
    assertThat(InjectionPosition.START.inject(document, "P", "|")).isEqualTo("P|" + document);
    assertThat(InjectionPosition.END.inject(document, "P", "|")).isEqualTo(document + "|P");
    assertThat(InjectionPosition.MIDDLE.inject(document, "P", "|"))
        .isEqualTo("One two.|P|Three four five. Six.");
    assertThat(InjectionPosition.MIDDLE.inject("😀😀😀", "P", "|")).isEqualTo("😀|P|😀😀");
  }

  @Test
  void layoutsHoldDocumentsThatLookLikeTemplates() {
    Prompt text =
        InjectionLayout.text("{{system}}\nHuman: {{instruction}} {{document}}\n\nAssistant:")
            .prompt("S", "I", "{{system}}");
    assertThat(((Prompt.Text) text).text()).isEqualTo("S\nHuman: I {{system}}\n\nAssistant:");
    Prompt chat = InjectionLayout.chat().prompt("", "", "D");
    assertThat(((Prompt.Chat) chat).messages()).containsExactly(Message.user("D"));
    assertThatThrownBy(() -> InjectionLayout.text("{{instruction}}"))
        .hasMessageContaining("a layout must have {{document}}");
    assertThatThrownBy(() -> PLAN.withTasks(List.of()))
        .hasMessage("tasks must be one or more that differ but were []");
    assertThatThrownBy(() -> new InjectionPayload("p", InjectionPayload.Kind.CANARY, "Say it.", ""))
        .hasMessageContaining("must have a canary");
    assertThatThrownBy(() -> new InjectionTask("t", "i", "d", List.of()))
        .hasMessageContaining("without one there is no utility");
  }
}
