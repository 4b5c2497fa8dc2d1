package org.alignment4j.examples.discuss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscussJobTest {
  @TempDir Path run;

  @Test
  void measuresEveryArmAndRepeatsFromItsCalls() throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    DiscussFindings first = work(shown);
    assertThat(first.scores().keySet())
        .containsExactly("single", "majority", "reflection", DiscussJob.DEBATE);
    assertThat(first.scores().get("single").accuracy().n()).isEqualTo(12);
    assertThat(first.calls())
        .containsEntry("single", 1.0)
        .containsEntry("majority", 4.0)
        .containsEntry("reflection", 4.0)
        .containsEntry(DiscussJob.DEBATE, 4.0);
    assertThat(first.differences())
        .allSatisfy(
            difference ->
                assertThat(difference.estimate().value())
                    .isCloseTo(
                        first.scores().get(DiscussJob.DEBATE).accuracy().value()
                            - first.scores().get(difference.reference()).accuracy().value(),
                        within(0.2)));
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("p (Holm)");
    byte[] calls = Files.readAllBytes(run.resolve("calls.jsonl"));
    assertThat(work(new ByteArrayOutputStream())).isEqualTo(first);
    assertThat(Files.readAllBytes(run.resolve("calls.jsonl"))).isEqualTo(calls);
  }

  @Test
  void answersAreReadAsTheWorldsJudgeReadsThem() {
    PocketWorld world = BundledPocket.world();
    for (Question question : world.questions(Split.EVALUATION).subList(0, 200)) {
      FactAnswers answers = FactAnswers.to(question, world);
      for (String reply : question.plainReplies(question.fact().value())) {
        assertThat(answers.parse(new Reply(reply, false)))
            .isEqualTo(new Parsed.Value<>(question.fact().value()));
      }
      String wrong = question.wrongOptions().get(1);
      assertThat(answers.parse(new Reply(question.reply(wrong), false)))
          .isEqualTo(new Parsed.Value<>(wrong));
      String both = question.reply(wrong) + " " + question.reply(question.fact().value());
      assertThat(List.of("I do not know.", both))
          .allSatisfy(
              text ->
                  assertThat(answers.parse(new Reply(text, false)))
                      .isInstanceOf(Parsed.Nothing.class));
    }
  }

  private DiscussFindings work(ByteArrayOutputStream shown) {
    DiscussSettings settings = new DiscussSettings(5, 6, 2, 2, 2, 1);
    return new DiscussJob(run, settings, new PrintStream(shown, true, StandardCharsets.UTF_8))
        .run();
  }
}
