package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OversightRunTest {
  @TempDir Path folder;

  private static List<ChoiceQuestion> questions(int count) {
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      questions.add(
          ChoiceQuestion.of("q" + i, "Question " + i + "?", List.of("yes", "no"), i % 2, "Text."));
    }
    return questions;
  }

  private static String reply(String prompt, long seed) {
    return prompt.contains("impartial judge")
        ? "[[" + (Math.floorMod(prompt.hashCode(), 2) == 0 ? "A" : "B") + "]]"
        : "I say " + seed;
  }

  private static RunReport<ChoiceQuestion, Ruling> run(
      RecordedCalls calls, LanguageModel model, List<ChoiceQuestion> questions, int atOnce) {
    LanguageModel debater = calls.as("debater", model);
    Judge judge = ModelJudge.of(JudgeModel.of(calls.as("judge", model)));
    Debate debate =
        Debate.between(ModelAgent.of(debater), ModelAgent.of(debater))
            .judgedBy(judge)
            .rounds(2)
            .build();
    ExecutorService threads =
        Executors.newFixedThreadPool(atOnce, task -> new Thread(task, "question"));
    try {
      return OversightRun.of("debate", debate, ChoiceQuestion::id)
          .seed(11)
          .concurrency(ConcurrencyLimits.atMost(atOnce), threads)
          .retry(
              new RetryPolicy(
                  20, Duration.ofMillis(1), 2, Duration.ofMillis(2), 0, Duration.ofSeconds(1)))
          .run(questions);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Outcome<Ruling>> outcomes(RunReport<ChoiceQuestion, Ruling> report) {
    return List.copyOf(report.outcomes().values());
  }

  @Test
  void resultsDoNotDependOnConcurrencyOrOrder() {
    ScriptedModel model = ScriptedModel.of((prompt, seed, draw) -> reply(prompt, seed));
    List<ChoiceQuestion> questions = questions(12);
    List<Outcome<Ruling>> alone = outcomes(run(RecordedCalls.inMemory(), model, questions, 1));
    assertThat(outcomes(run(RecordedCalls.inMemory(), model, questions, 6))).isEqualTo(alone);
    List<ChoiceQuestion> reversed = new ArrayList<>(questions);
    java.util.Collections.reverse(reversed);
    RunReport<ChoiceQuestion, Ruling> other = run(RecordedCalls.inMemory(), model, reversed, 3);
    assertThat(other.outcome(11)).contains(alone.get(0));
    assertThat(new HashSet<>(alone)).hasSize(12);
  }

  @Test
  void stormsOfFailuresChangeNothing() {
    ScriptedModel model = ScriptedModel.of((prompt, seed, draw) -> reply(prompt, seed));
    List<Outcome<Ruling>> quiet = outcomes(run(RecordedCalls.inMemory(), model, questions(15), 4));
    Set<String> answered = ConcurrentHashMap.newKeySet();
    AtomicInteger doubled = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    ScriptedModel stormy =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              int number = count.incrementAndGet();
              if (number % 3 == 0) {
                throw new RemoteCallException("slow down", 429, true, Duration.ofMillis(1), null);
              }
              if (number % 7 == 0) {
                throw new RemoteCallException("broken", 503, true, null, null);
              }
              if (!answered.add(prompt + seed)) {
                doubled.incrementAndGet();
              }
              return reply(prompt, seed);
            });
    RunReport<ChoiceQuestion, Ruling> report =
        run(RecordedCalls.inMemory(), stormy, questions(15), 4);
    assertThat(report.failures()).isEmpty();
    assertThat(outcomes(report)).isEqualTo(quiet);
    assertThat(doubled).hasValue(0);
  }

  @Test
  void failureMidwayIsThatQuestionsAlone() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              if (prompt.contains("Question 2?") && prompt.contains("round 2 of 2")) {
                throw new ModelExecutionException("out of memory");
              }
              return reply(prompt, seed);
            });
    RunReport<ChoiceQuestion, Ruling> report =
        run(RecordedCalls.inMemory(), model, questions(4), 2);
    assertThat(report.complete()).isEqualTo(3);
    assertThat(report.failures().values()).singleElement().asString().contains("out of memory");
    assertThat(report.outcome(2)).isEmpty();
  }

  @Test
  void goesOnWhereItStopped() {
    Path file = folder.resolve("calls.jsonl");
    Map<String, Object> configuration = Map.of("protocol", "debate");
    ScriptedModel model = ScriptedModel.of((prompt, seed, draw) -> reply(prompt, seed));
    List<ChoiceQuestion> questions = questions(6);
    List<Outcome<Ruling>> whole = outcomes(run(RecordedCalls.inMemory(), model, questions, 2));
    int all = model.calls().size();
    RecordedCalls.Spending little =
        RecordedCalls.Spending.FREE.withBudget(Budget.UNLIMITED.withCalls(13));
    try (RecordedCalls calls = RecordedCalls.open(file, configuration, little)) {
      RunReport<ChoiceQuestion, Ruling> stopped = run(calls, model, questions, 1);
      assertThat(stopped.complete()).isEqualTo(2);
      assertThat(stopped.incomplete()).isEqualTo(4);
      assertThat(stopped.outcome(2).orElseThrow().incomplete()).isEqualTo("budget: calls");
      assertThat(stopped.outcome(2).orElseThrow().transcript().turns()).isNotEmpty();
    }
    try (RecordedCalls calls = RecordedCalls.open(file, configuration)) {
      assertThat(outcomes(run(calls, model, questions, 3))).isEqualTo(whole);
    }
    assertThat(model.calls()).hasSize(2 * all);
  }

  private static OversightRun<ChoiceQuestion, Ruling> judged(Judge judge) {
    return OversightRun.of("naive", DirectJudgement.blind(judge), ChoiceQuestion::id);
  }

  @Test
  void nothingButFailuresEndTheRunEarly() {
    AtomicInteger calls = new AtomicInteger();
    Judge refused =
        (view, context) -> {
          calls.incrementAndGet();
          throw new RemoteCallException("wrong key", 401, false, null, null);
        };
    assertThatThrownBy(() -> judged(refused).run(questions(300)))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("all 10 questions of 'naive'")
        .hasMessageContaining("RemoteCallException: wrong key")
        .hasMessageContaining("290 were not tried")
        .hasMessageContaining("FailurePolicy.never()")
        .hasCauseInstanceOf(RemoteCallException.class);
    assertThat(calls).hasValue(10);
    RunReport<ChoiceQuestion, Ruling> all =
        judged(refused).failures(FailurePolicy.never()).run(questions(300));
    assertThat(all.failures()).hasSize(300);
    assertThat(all.shortfall())
        .isEqualTo(
            "300 of 300 questions failed, the first with RemoteCallException: wrong key; 0 were"
                + " stopped early; 0 were not run");
  }

  @Test
  void oneOutcomeKeepsARunThatFailsGoing() {
    Judge moody =
        (view, context) -> {
          if (!view.question().contains(" 3?")) {
            throw new ModelExecutionException("down");
          }
          return new Verdict.Decided("yes", 1, "", Usage.NONE);
        };
    assertThat(judged(moody).run(questions(50)).failures()).hasSize(49);
    RunReport<ChoiceQuestion, Ruling> ended =
        judged(moody).failures(FailurePolicy.count(5)).run(questions(50));
    assertThat(ended.outcomes()).hasSize(1);
    assertThat(ended.shortfall()).contains("5 of 50").contains("44 were not run");
  }

  @Test
  void moneyOfAQuestionIsRefusedAtOnce() {
    assertThatThrownBy(
            () -> judged((view, context) -> null).questionBudget(Budget.UNLIMITED.withMoney(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("recorded calls");
  }

  @Test
  void twoQuestionsOfOneIdAreRefused() {
    List<ChoiceQuestion> twice = List.of(questions(1).get(0), questions(1).get(0));
    assertThatThrownBy(() -> run(RecordedCalls.inMemory(), ScriptedModel.saying("x"), twice, 1))
        .hasMessageContaining("'q0'");
  }
}
