package org.alignment4j.oversight.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.human.ConsoleOverseer;
import org.alignment4j.oversight.human.FileOverseer;
import org.alignment4j.oversight.human.HumanOverseer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedPeopleTest {
  private static final Map<String, Object> RUN = Map.of("protocol", "any");
  private static final OversightContext CONTEXT = OversightContext.of(1);
  private static final View VIEW =
      new View("Judge", 0, "Decide.", "Who?", List.of("Ada", "Ben"), List.of(), List.of());
  private static final List<Prompt> PROMPTS =
      List.of(Prompt.text("a"), Prompt.text("b"), Prompt.text("c"));
  private static final SamplingOptions GREEDY = SamplingOptions.greedy(9);

  @TempDir Path folder;

  private RecordedCalls open() {
    return RecordedCalls.open(folder.resolve("calls.jsonl"), RUN);
  }

  private static HumanOverseer typing(String text) {
    return new ConsoleOverseer(
        new BufferedReader(new StringReader(text)),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  @Test
  void whatAPersonAnsweredIsNeverAskedAgain() {
    Turn turn;
    Verdict verdict;
    try (RecordedCalls calls = open()) {
      HumanOverseer person = calls.person("judge", typing("Hello.\n.\nB 80\nSo.\n.\n"));
      turn = person.act(VIEW, CONTEXT);
      verdict = person.judge(VIEW, CONTEXT);
      assertThat(person.asModel().generate(PROMPTS.get(0), GREEDY).text()).isEqualTo("So.");
      assertThat(calls.knownAnswers()).isZero();
    }
    try (RecordedCalls calls = open()) {
      HumanOverseer gone = calls.person("judge", typing(""));
      assertThat(gone.act(VIEW, CONTEXT.withSeed(9))).isEqualTo(turn);
      assertThat(gone.judge(VIEW, CONTEXT))
          .isEqualTo(verdict)
          .isEqualTo(new Verdict.Decided("Ben", 0.8, "", Usage.NONE));
      assertThat(gone.asModel().generate(PROMPTS.get(0), GREEDY).text()).isEqualTo("So.");
      assertThat(calls.knownAnswers()).isEqualTo(3);
      assertThat(calls.usageByRole()).as("people cost no calls").isEmpty();
      assertThatThrownBy(() -> calls.person("other", typing("")).judge(VIEW, CONTEXT))
          .as("another role is asked for itself")
          .isInstanceOf(ModelExecutionException.class);
    }
  }

  @Test
  void aPersonIsNoModelToBeRecorded() {
    try (RecordedCalls calls = open()) {
      assertThatThrownBy(() -> calls.as("judge", typing("one\n.\n").asModel()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("role 'judge'")
          .hasMessageContaining("person(\"judge\", ...).asModel()");
    }
  }

  @Test
  void everyAnswerIsKeptAsItIsGiven() {
    try (RecordedCalls calls = open()) {
      assertThatThrownBy(
              () ->
                  calls
                      .person("writer", typing("one\n.\ntwo\n.\n"))
                      .asModel()
                      .generate(PROMPTS, GREEDY))
          .hasMessageContaining("the console was closed");
    }
    try (RecordedCalls calls = open()) {
      assertThat(calls.person("writer", typing("three\n.\n")).asModel().generate(PROMPTS, GREEDY))
          .extracting(Completion::text)
          .containsExactly("one", "two", "three");
    }
  }

  @Test
  void onlyWhatIsNotKnownIsWrittenToFiles() throws IOException {
    try (RecordedCalls calls = open();
        FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      calls.person("writer", typing("one\n.\n")).asModel().generate(PROMPTS.get(0), GREEDY);
      assertThatThrownBy(() -> calls.person("writer", people).asModel().generate(PROMPTS, GREEDY))
          .hasMessageContaining("a person must answer");
      assertThat(Files.readAllLines(folder.resolve(FileOverseer.REQUESTS))).hasSize(2);
    }
  }

  @Test
  void scoresOfContinuationsRepeatToo() {
    ContinuationScore score =
        new ContinuationScore(
            TokenIds.of(3, 4),
            LogProbs.of(-0.1, Double.NEGATIVE_INFINITY),
            true,
            2,
            new Usage(1, 2, 0, 0, 5, 0, Duration.ofNanos(12345)));
    List<Continuation> asked = new ArrayList<>();
    LikelihoodModel model =
        new LikelihoodModel() {
          @Override
          public String id() {
            return "weighing";
          }

          @Override
          public List<ContinuationScore> logProbabilities(
              List<? extends Continuation> continuations, CancellationToken cancellation) {
            asked.addAll(continuations);
            return continuations.stream().map(c -> score).toList();
          }
        };
    Continuation text = Continuation.of(Prompt.text("?"), "yes");
    Continuation tokens = Continuation.of(Prompt.text("?"), TokenIds.of(3, 4));
    try (RecordedCalls calls = open()) {
      assertThat(calls.likelihoods("rater", model).logProbabilities(List.of(text)))
          .containsExactly(score);
      assertThat(calls.usageByRole().get("rater").calls()).isEqualTo(1);
    }
    try (RecordedCalls calls = open()) {
      assertThat(calls.likelihoods("rater", model).logProbabilities(List.of(text, tokens)))
          .containsExactly(score, score);
      assertThat(calls.knownAnswers()).isEqualTo(1);
    }
    assertThat(asked).containsExactly(text, tokens);
  }
}
