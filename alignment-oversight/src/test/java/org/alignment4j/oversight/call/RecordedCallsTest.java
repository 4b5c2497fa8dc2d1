package org.alignment4j.oversight.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedCallsTest {
  private static final SamplingOptions OPTIONS = SamplingOptions.sampling(20, 7);
  private static final Map<String, Object> RUN = Map.of("protocol", "debate", "seed", 1L);

  @TempDir Path folder;

  private static List<Prompt> prompts(String... texts) {
    List<Prompt> prompts = new ArrayList<>();
    for (String text : texts) {
      prompts.add(Prompt.text(text));
    }
    return prompts;
  }

  @Test
  void repeatsFromTheJournalWithoutCallingAnyone() {
    Path file = folder.resolve("calls.jsonl");
    List<Completion> first;
    ScriptedModel model = ScriptedModel.of((prompt, seed, draw) -> prompt + seed + "/" + draw);
    try (RecordedCalls calls = RecordedCalls.open(file, RUN)) {
      first = calls.as("debater", model).generate(prompts("a", "b", "a"), OPTIONS);
      assertThat(calls.usageByRole().get("debater")).extracting(Usage::calls).isEqualTo(3L);
    }
    ScriptedModel silent =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              throw new AssertionError("asked again: " + prompt);
            });
    try (RecordedCalls calls = RecordedCalls.open(file, RUN)) {
      assertThat(calls.as("debater", silent).generate(prompts("a", "b", "a"), OPTIONS))
          .isEqualTo(first);
      assertThat(calls.usageByRole()).isEmpty();
      assertThat(calls.knownAnswers()).isEqualTo(3);
    }
  }

  @Test
  void keepsWhoAskedWhatAndWhatItCost() throws IOException {
    Path file = folder.resolve("calls.jsonl");
    RecordedCalls.Spending priced =
        RecordedCalls.Spending.FREE.withPrices((role, usage) -> usage.completionTokens() * 0.5);
    try (RecordedCalls calls = RecordedCalls.open(file, RUN, priced)) {
      calls.as("judge", ScriptedModel.saying("yes")).generate(prompts("who?"), OPTIONS);
      assertThat(calls.spent()).isEqualTo(2.5);
    }
    String line = Files.readAllLines(file).get(1);
    assertThat(line)
        .contains("\"role\":\"judge\"")
        .contains("\"model\":\"scripted\"")
        .contains("\"who?\"")
        .contains("\"seed\":7")
        .contains("\"yes\"")
        .contains("\"completion_tokens\":5")
        .contains("\"seconds\":0.003")
        .contains("\"cost\":2.5");
  }

  @Test
  void sameRequestOfTwoRolesIsTwoCalls() {
    ScriptedModel model = ScriptedModel.saying("one", "two");
    RecordedCalls calls = RecordedCalls.inMemory();
    assertThat(calls.as("a", model).generate(prompts("x"), OPTIONS).get(0).text()).isEqualTo("one");
    assertThat(calls.as("b", model).generate(prompts("x"), OPTIONS).get(0).text()).isEqualTo("two");
    assertThat(calls.as("a", model).generate(prompts("x"), OPTIONS).get(0).text()).isEqualTo("one");
    assertThat(model.calls()).hasSize(2);
  }

  @Test
  void budgetRefusesWhatHasNoRoomAndKeepsTheRest() {
    ScriptedModel model = ScriptedModel.saying("x");
    RecordedCalls calls =
        RecordedCalls.inMemory(
            RecordedCalls.Spending.FREE.withBudget(Budget.UNLIMITED.withCalls(3)));
    LanguageModel role = calls.as("debater", model);
    role.generate(prompts("a", "b"), OPTIONS);
    assertThatThrownBy(() -> role.generate(prompts("c", "d"), OPTIONS))
        .isInstanceOf(BudgetExceededException.class)
        .hasMessageContaining("budget of calls")
        .hasMessageContaining("2 calls of role 'debater'");
    assertThat(model.calls()).hasSize(2);
    role.generate(prompts("a", "b", "c"), OPTIONS);
    assertThat(model.calls()).hasSize(3);
  }

  @Test
  void failedCallsAreNotKeptButCount() {
    LanguageModel failing =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              throw new ModelExecutionException("down");
            });
    RecordedCalls calls =
        RecordedCalls.inMemory(
            RecordedCalls.Spending.FREE.withBudget(Budget.UNLIMITED.withCalls(2)));
    LanguageModel role = calls.as("judge", failing);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> role.generate(prompts("a"), OPTIONS))
          .isInstanceOf(ModelExecutionException.class);
    }
    assertThatThrownBy(() -> role.generate(prompts("a"), OPTIONS))
        .isInstanceOf(BudgetExceededException.class);
  }

  /** One model numbers its samples and fails one alone, the other fails a call as a whole. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailedAnswerLeavesTheOthersKeptAndBooked(boolean numbered) {
    List<String> asked = new ArrayList<>();
    LanguageModel failing =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              asked.add(prompt);
              if (prompt.equals("d") && asked.size() == 4) {
                throw new RemoteCallException("broken", 503, true, null, null);
              }
              return "reply to " + prompt;
            });
    RecordedCalls calls =
        RecordedCalls.inMemory(RecordedCalls.Spending.FREE.withPrices((role, usage) -> 1));
    LanguageModel role = calls.as("debater", numbered ? new NumberedModel(failing) : failing);
    assertThatThrownBy(() -> role.generate(prompts("a", "b", "c", "d"), OPTIONS))
        .isInstanceOf(RemoteCallException.class);
    assertThat(calls.usageByRole().get("debater")).extracting(Usage::calls).isEqualTo(3L);
    assertThat(calls.spent()).isEqualTo(3);
    assertThat(role.generate(prompts("a", "b", "c", "d"), OPTIONS))
        .extracting(Completion::text)
        .containsExactly("reply to a", "reply to b", "reply to c", "reply to d");
    assertThat(asked).containsExactly("a", "b", "c", "d", "d");
    assertThat(calls.spent()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsThatWereNotStartedLeaveRoomInTheBudget(boolean numbered) {
    int[] asked = new int[1];
    LanguageModel failing =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              if (asked[0]++ == 0) {
                throw new ModelExecutionException("down");
              }
              return "x";
            });
    RecordedCalls calls =
        RecordedCalls.inMemory(
            RecordedCalls.Spending.FREE.withBudget(Budget.UNLIMITED.withCalls(5)));
    LanguageModel role = calls.as("r", numbered ? new NumberedModel(failing) : failing);
    assertThatThrownBy(() -> role.generate(prompts("a", "b", "c", "d"), OPTIONS))
        .isInstanceOf(ModelExecutionException.class);
    assertThat(role.generate(prompts("a", "b", "c", "d"), OPTIONS)).hasSize(4);
    assertThat(asked[0]).isEqualTo(5);
  }

  @Test
  void samplesOfOnePromptKeepTheirNumbers() {
    for (boolean numbered : new boolean[] {false, true}) {
      LanguageModel model = ScriptedModel.of((prompt, seed, draw) -> prompt + draw);
      LanguageModel role =
          RecordedCalls.inMemory().as("r", numbered ? new NumberedModel(model) : model);
      assertThat(role.generate(prompts("a", "b", "a"), OPTIONS))
          .extracting(Completion::text)
          .containsExactly("a0", "b0", "a1");
      assertThat(role.generate(prompts("a", "a", "a", "b"), OPTIONS))
          .extracting(Completion::text)
          .containsExactly("a0", "a1", "a2", "b0");
    }
  }

  @Test
  void refusesAnotherConfiguration() {
    Path file = folder.resolve("calls.jsonl");
    RecordedCalls.open(file, RUN).close();
    assertThatThrownBy(() -> RecordedCalls.open(file, Map.of("protocol", "debate", "seed", 2L)))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("seed");
  }

  @Test
  void cutLineIsAskedAgainAndDamageIsNamed() throws IOException {
    Path file = folder.resolve("calls.jsonl");
    ScriptedModel model = ScriptedModel.saying("x");
    try (RecordedCalls calls = RecordedCalls.open(file, RUN)) {
      calls.as("r", model).generate(prompts("a", "b"), OPTIONS);
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 9));
    try (RecordedCalls calls = RecordedCalls.open(file, RUN)) {
      calls.as("r", model).generate(prompts("a", "b"), OPTIONS);
      assertThat(model.calls()).hasSize(3);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    String damaged =
        new String(whole, StandardCharsets.UTF_8).replaceFirst("\"text\":\"a\"", "\"text\":\"z\"");
    Files.writeString(file, damaged, StandardOpenOption.TRUNCATE_EXISTING);
    assertThatThrownBy(() -> RecordedCalls.open(file, RUN))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void verdictsByProbabilityRepeatToo() {
    Path file = folder.resolve("calls.jsonl");
    ChoiceDistribution answer =
        new ChoiceDistribution(
            List.of(
                new ChoiceProbability("A", 1, -0.5, TokenIds.of(3, 4), 2),
                new ChoiceProbability("B", 0, Double.NEGATIVE_INFINITY, TokenIds.of(5), 1)),
            1e-7,
            new Usage(1, 2, 3, 4, 5, 6, Duration.ofNanos(12345)));
    int[] asked = new int[1];
    ChoiceModel model =
        new ChoiceModel() {
          @Override
          public String id() {
            return "soft";
          }

          @Override
          public List<ChoiceDistribution> choose(
              List<ChoiceRequest> requests, org.alignment4j.api.CancellationToken cancellation) {
            asked[0] += requests.size();
            return requests.stream().map(request -> answer).toList();
          }
        };
    ChoiceRequest request = ChoiceRequest.beginning(Prompt.text("?"), "A", "B");
    try (RecordedCalls calls = RecordedCalls.open(file, RUN)) {
      assertThat(calls.choices("judge", model).choose(request)).isEqualTo(answer);
    }
    try (RecordedCalls calls = RecordedCalls.open(file, RUN)) {
      assertThat(calls.choices("judge", model).choose(request)).isEqualTo(answer);
      assertThat(
              calls
                  .choices("judge", model)
                  .choose(ChoiceRequest.beginning(Prompt.text("?"), "B", "A")))
          .isEqualTo(answer);
    }
    assertThat(asked[0]).isEqualTo(2);
  }

  private static Outcome<Ruling> judged(RecordedCalls calls, Budget budget, String... replies) {
    ChoiceQuestion question =
        new ChoiceQuestion("q", "Who?", List.of("Ada", "Ben"), List.of(), OptionalInt.of(0), "q");
    return DirectJudgement.blind(
            ModelJudge.of(JudgeModel.of(calls.as("judge", ScriptedModel.saying(replies)))))
        .run(question, OversightContext.of(1).withBudget(budget));
  }

  @Test
  void aJudgesRepairKeepsTheBudgetOfTheQuestion() {
    try (RecordedCalls calls = RecordedCalls.inMemory()) {
      Outcome<Ruling> poor = judged(calls, Budget.UNLIMITED.withCalls(1), "Hm.", "[[A]]");
      assertThat(calls.usageByRole().get("judge").calls()).isEqualTo(1);
      assertThat(poor.usage().calls()).isEqualTo(1);
      assertThat(poor.verdict().verdicts())
          .singleElement()
          .isInstanceOfSatisfying(
              Verdict.Unparsed.class,
              none -> assertThat(none.reply()).contains("Hm.").contains("budget of calls"));
      // The first call is known by now, and counts for the question all the same.
      Outcome<Ruling> rich = judged(calls, Budget.UNLIMITED.withCalls(2), "[[A]]");
      assertThat(calls.usageByRole().get("judge").calls()).isEqualTo(2);
      assertThat(rich.usage().calls()).isEqualTo(2);
      assertThat(rich.verdict().verdicts()).hasOnlyElementsOfType(Verdict.Decided.class);
    }
  }

  @Test
  void aBudgetOfAllRolesThatEndsBeforeTheRepairStopsTheQuestion() {
    try (RecordedCalls calls =
        RecordedCalls.inMemory(
            RecordedCalls.Spending.FREE.withBudget(Budget.UNLIMITED.withCalls(1)))) {
      Outcome<Ruling> stopped = judged(calls, Budget.UNLIMITED, "Hm.", "[[A]]");
      assertThat(stopped.incomplete()).isEqualTo("budget: calls");
      assertThat(stopped.verdict().verdicts()).isEmpty();
      assertThat(calls.usageByRole().get("judge").calls()).isEqualTo(1);
    }
  }
}
