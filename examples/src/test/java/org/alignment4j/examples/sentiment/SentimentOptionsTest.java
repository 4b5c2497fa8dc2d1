package org.alignment4j.examples.sentiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.examples.Sentiment;
import org.alignment4j.examples.console.ConsoleProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which methods the program knows, and what belongs to them. */
class SentimentOptionsTest {

  @TempDir Path folder;

  private String problem(String... options) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("model"));
    Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    Path stories = Files.writeString(folder.resolve("stories.json"), "[]");
    List<String> arguments =
        new ArrayList<>(List.of("--model", checkpoint.toString(), "--stories", stories.toString()));
    arguments.addAll(List.of(options));
    StringWriter err = new StringWriter();
    int code =
        ConsoleProgram.of(new Sentiment())
            .setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(String[]::new));
    assertThat(code).as(err.toString()).isEqualTo(2);
    return err.toString().lines().findFirst().orElseThrow();
  }

  @Test
  void anUnknownMethodIsWrong() throws Exception {
    assertThat(problem("--method", "magic"))
        .isEqualTo("--method must be dpo, grpo or ppo but was magic");
  }

  @Test
  void betaBelongsToDpo() throws Exception {
    assertThat(problem("--method", "ppo", "--beta", "0.2"))
        .isEqualTo("--beta belongs to --method dpo but the method was ppo; leave it out");
    assertThat(problem("--beta", "0")).isEqualTo("--beta must be positive and finite but was 0.0");
  }
}
