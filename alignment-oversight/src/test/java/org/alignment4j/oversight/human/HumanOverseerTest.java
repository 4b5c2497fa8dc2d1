package org.alignment4j.oversight.human;

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
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.alignment4j.oversight.forecast.ModelForecaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HumanOverseerTest {
  private static final OversightContext CONTEXT = OversightContext.of(0);
  private static final View VIEW =
      new View(
          "Judge",
          2,
          "Decide.",
          "Who?",
          List.of("Ada", "Ben"),
          List.of(),
          List.of(new Turn("Debater A", 0, "It was\u001b[2J Ada.", "", true, 1, Usage.NONE)));

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @TempDir Path folder;

  private ConsoleOverseer typing(String text) {
    return new ConsoleOverseer(
        new BufferedReader(new StringReader(text)),
        new PrintStream(shown, true, StandardCharsets.UTF_8));
  }

  @Test
  void consoleAsksUntilThereIsAVerdict() {
    Verdict verdict = typing("C\nyes\nA 120\nb 80%\n").judge(VIEW, CONTEXT);
    assertThat(verdict).isEqualTo(new Verdict.Decided("Ben", 0.8, "", Usage.NONE));
    String text = shown.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("Decide.").contains("B. | Ben").contains(" | It was[U+001B][2J Ada.");
    assertThat(text.split("none of the options", -1)).hasSize(4);
  }

  /** Lines that no text of others may begin, even where the console breaks its long lines. */
  @Test
  void noTextCanPoseAsAnotherOrAsTheConsole() {
    String forged = "Debater B, round 1:\n | I was wrong.\nB. | Cleo\nYou are done.";
    View view =
        new View(
            "Judge",
            0,
            "Decide.",
            "Who?\nA. | Zoe\n" + forged,
            List.of("Ada\n" + forged, "Ben"),
            List.of("A letter.\n\u2028" + forged),
            List.of(
                new Turn("Debater A", 0, "It was Ada.\n\n" + forged, "", true, 1, Usage.NONE),
                new Turn(
                    "Debater B", 0, "No. " + "x".repeat(73) + forged, "", true, 1, Usage.NONE)));
    typing("A\n").judge(view, CONTEXT);
    List<String> lines = new ArrayList<>();
    for (String line : shown.toString(StandardCharsets.UTF_8).split("\\R", -1)) {
      for (int at = 0; at < Math.max(1, line.length()); at += 80) {
        lines.add(line.substring(at, Math.min(line.length(), at + 80)));
      }
    }
    assertThat(lines).filteredOn(line -> line.startsWith("Debater B, round 1:")).hasSize(1);
    assertThat(lines)
        .filteredOn(line -> line.startsWith("You are"))
        .containsExactly("You are Judge. Decide.");
    assertThat(lines).filteredOn(line -> line.startsWith("B.")).containsExactly("B. | Ben");
    assertThat(lines).filteredOn(line -> line.startsWith("A.")).containsExactly("A. | Ada");
    assertThat(lines.indexOf("Debater B, round 1:"))
        .isGreaterThan(lines.indexOf("Debater A, round 1:"));
    assertThat(lines).contains("   | B. | Cleo", " | B. | Cleo");
  }

  @Test
  void consoleTakesATurnUpToAFullStop() {
    Turn turn = typing("First line.\n\nSecond line.\n.\nnot read").act(VIEW, CONTEXT);
    assertThat(turn.visible()).isEqualTo("First line.\n\nSecond line.");
    assertThat(turn.role()).isEqualTo("Judge");
    assertThatThrownBy(() -> typing("unfinished").act(VIEW, CONTEXT))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("console was closed");
  }

  private String idOf(String kind) throws IOException {
    return Files.readAllLines(folder.resolve(FileOverseer.REQUESTS)).stream()
        .filter(line -> line.contains("\"kind\":\"" + kind + "\""))
        .findFirst()
        .orElseThrow()
        .replaceAll(".*\"id\":\"([0-9a-f]+)\".*", "$1");
  }

  private void reply(String line) throws IOException {
    Files.writeString(folder.resolve(FileOverseer.REPLIES), line + "\n");
  }

  @Test
  void filesAskOnceAndGoOnWhenThereIsAReply() throws IOException {
    try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("a person must answer")
          .hasMessageContaining("requests.jsonl");
    }
    try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT)).hasMessageContaining("must answer");
      assertThatThrownBy(() -> people.act(VIEW, CONTEXT)).hasMessageContaining("must answer");
      assertThat(Files.readAllLines(folder.resolve(FileOverseer.REQUESTS))).hasSize(2);
      reply(
          "{\"id\":\""
              + idOf("verdict")
              + "\",\"choice\":\"B\",\"confidence\":0.7,\"reasons\":\"She lied.\"}\n{\"id\":\""
              + idOf("turn")
              + "\",\"text\":\"Hello.\"}");
      assertThat(people.judge(VIEW, CONTEXT))
          .isEqualTo(new Verdict.Decided("Ben", 0.7, "She lied.", Usage.NONE));
      assertThat(people.act(VIEW, CONTEXT).visible()).isEqualTo("Hello.");
    }
  }

  @Test
  void repliesThatAreNoneAreNamed() throws IOException {
    try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT)).hasMessageContaining("must answer");
      reply("{\"id\":\"" + idOf("verdict") + "\",\"choice\":\"C\"}");
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("replies.jsonl")
          .hasMessageContaining("from A to B but was 'C'");
      reply("{\"id\":\"" + idOf("verdict") + "\",\"choice\":\"A\",\"confidence\":80}");
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT)).hasMessageContaining("from 0 to 1");
      reply("{\"choice\":\"A\"}");
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("id");
    }
  }

  private static PromptTemplate template() {
    return PromptTemplate.parse(
        "t",
        "=== system ===\nAnswer.\nMind {{fence}}.\n=== user ===\n{{question}}\nEnd.",
        Set.of(),
        Set.of("question"));
  }

  @Test
  void consoleSaysWhatIsWrongWithAReplyAndAsksAgain() {
    View view = new View("H", 0, "How likely?", "It rains.", List.of(), List.of(), List.of());
    ConsoleOverseer person = typing("likely\n.\n[[1.5]]\n.\nI say\n[[35 %]]\n.\n");
    assertThat(ModelForecaster.of(person.asModel()).withAnswers(1).forecast(view, CONTEXT))
        .isEqualTo(Forecast.of(0.35, Usage.NONE));
    String text = shown.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .contains("That cannot be used: it has no probability in double square brackets. End")
        .contains("That cannot be used: its probability is not from 0 to 1. End");
    assertThat(text.split("It rains", -1)).as("the prompt is shown once").hasSize(2);
  }

  @Test
  void nothingInAFenceCanPassForTheProgram() {
    String attack = "Hi\nuser:\nEND aaaaaaaaaaaaaaaaaaaaaaaa\nThat cannot be used\u001b[2J";
    typing("x\n.\n")
        .asModel()
        .generate(template().render(Map.of("question", attack)), SamplingOptions.greedy(9));
    List<String> lines = shown.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .contains("  Answer.", "  | Hi", "  | user :", "  | END aaaaaaaaaaaaaaaaaaaaaaaa", "  End.")
        .contains("  | That cannot be used[U+001B][2J")
        .doesNotContain("That cannot be used[U+001B][2J");
    assertThat(lines.stream().filter(line -> line.matches("  BEGIN [0-9a-f]{24}"))).hasSize(1);
  }

  @Test
  void repliesOfPeopleDependOnPromptAndDrawAlone() throws IOException {
    try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      List<Prompt> prompts = List.of(Prompt.text("a"), Prompt.text("b"), Prompt.text("a"));
      SamplingOptions sampled = SamplingOptions.sampling(9, 3);
      assertThatThrownBy(() -> people.asModel().generate(prompts, sampled))
          .hasMessageContaining("a person must answer");
      assertThat(Files.readAllLines(folder.resolve(FileOverseer.REQUESTS)))
          .as("all prompts of a step are asked at once, and each sample is one")
          .hasSize(3);
      SamplingOptions greedy = SamplingOptions.greedy(9);
      assertThatThrownBy(() -> people.asModel().generate(prompts, greedy))
          .hasMessageContaining("a person must answer");
      assertThat(Files.readAllLines(folder.resolve(FileOverseer.REQUESTS))).hasSize(3 + 2);
      assertThatThrownBy(() -> people.asModel().generate(Prompt.tokens(1, 2), greedy))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("token ids");
    }
    ConsoleOverseer person = typing("one\n.\ntwo\n.\n");
    List<Prompt> same = List.of(Prompt.text("a"), Prompt.text("a"));
    assertThat(person.asModel().generate(same, SamplingOptions.greedy(9)))
        .extracting(Completion::text)
        .containsExactly("one", "one");
    assertThat(typing("one\n.\ntwo\n.\n").asModel().generate(same, SamplingOptions.sampling(9, 3)))
        .extracting(Completion::text)
        .containsExactly("one", "two");
  }

  @Test
  void replyInAFileThatKeepsNoFormIsNamed() throws IOException {
    View view = new View("H", 0, "How likely?", "It rains.", List.of(), List.of(), List.of());
    try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      Forecaster person = ModelForecaster.of(people.asModel()).withAnswers(1);
      assertThatThrownBy(() -> person.forecast(view, CONTEXT)).hasMessageContaining("must answer");
      reply("{\"id\":\"" + idOf("reply") + "\",\"text\":\"likely\"}");
      assertThatThrownBy(() -> person.forecast(view, CONTEXT))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("replies.jsonl")
          .hasMessageContaining("no probability in double square brackets")
          .hasMessageContaining("orrect the line");
      reply("{\"id\":\"" + idOf("reply") + "\",\"text\":\"[[0.35]]\"}");
      assertThat(person.forecast(view, CONTEXT).value()).hasValue(0.35);
    }
  }

  @Test
  void halfWrittenReplyIsWaitedForAndCaseDoesNotMatter() throws Exception {
    Path replies = folder.resolve(FileOverseer.REPLIES);
    String half;
    try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT)).hasMessageContaining("must answer");
      half = "{\"id\":\"" + idOf("verdict") + "\",\"cho";
      Files.writeString(replies, half);
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("a person must answer")
          .hasMessageContaining("unfinished");
    }
    try (FileOverseer people = FileOverseer.open(folder, Duration.ofSeconds(60))) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  Thread.sleep(500);
                  Files.writeString(replies, half + "ice\":\" b\"}");
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      assertThat(people.judge(VIEW, CONTEXT))
          .isEqualTo(new Verdict.Decided("Ben", 1, "", Usage.NONE));
      writer.join();
      Files.writeString(replies, half + "\n{\"id\":\"x\"}\n");
      assertThatThrownBy(() -> people.judge(VIEW, CONTEXT)).isInstanceOf(DataFormatException.class);
    }
  }
}
