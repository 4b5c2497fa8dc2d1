package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts in the logs of runs, and as reports show them. */
class LoggedPromptTest {

  private static final Prompt CHAT =
      Prompt.chat(List.of(Message.system("Be brief."), Message.user("Who?")));

  @Test
  void turnsStandUnderTheirSpeakers() {
    assertThat(LoggedPrompt.shown(LoggedPrompt.of(CHAT)))
        .isEqualTo("system: Be brief.\n\nuser: Who?");
    assertThat(LoggedPrompt.shown(List.of(Map.of("content", "Who?", "role", "USER"))))
        .isEqualTo("user: Who?");
  }

  @Test
  void textsAndTokensStayWhatTheyAre() {
    assertThat(LoggedPrompt.shown(LoggedPrompt.of(Prompt.text("[{a}]")))).isEqualTo("[{a}]");
    assertThat(LoggedPrompt.shown(LoggedPrompt.of(Prompt.tokens(3, 4)))).isEqualTo("[3, 4]");
    assertThat(LoggedPrompt.shown(null)).isEmpty();
  }

  @Test
  void aReportShowsTurns(@TempDir Path run) throws Exception {
    Files.writeString(
        run.resolve("metrics.jsonl"),
        """
        {"format":"alignment4j-metrics","version":1}
        {"step":1,"loss":1.0}
        """);
    Files.writeString(
        run.resolve("samples.jsonl"),
        """
        {"format":"alignment4j-samples","version":1}
        {"step":1,"prompt_index":0,"prompt":[{"role":"USER","content":"Who are you?"}],"completion":"I."}
        """);
    assertThat(Files.readString(RunReport.write(run)))
        .contains("user: Who are you?")
        .doesNotContain("role=USER", "content=Who");
  }
}
