package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemonstrationsTest {

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("demos.jsonl"), content);
  }

  @Test
  void promptAndCompletion() throws IOException {
    Path text = file("{\"prompt\":\"Q\",\"completion\":\" A\"}\n");
    assertThat(Demonstrations.read(text))
        .containsExactly(Demonstration.answer(Prompt.text("Q"), " A"));
    Path chat =
        file(
            "{\"prompt\":[{\"role\":\"user\",\"content\":\"Q\"}],"
                + "\"completion\":[{\"role\":\"assistant\",\"content\":\"A\"}]}\n");
    assertThat(Demonstrations.read(chat))
        .containsExactly(Demonstration.answer(Prompt.chat(Message.user("Q")), "A"));
  }

  @Test
  void conversationsNeedAnAssistant() throws IOException {
    Path file =
        file(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Q\"},"
                + "{\"role\":\"assistant\",\"content\":\"A\"}]}\n"
                + "{\"messages\":[{\"role\":\"user\",\"content\":\"Q\"}]}\n"
                + "{\"messages\":[]}\n");
    Dataset<Demonstration> data = Demonstrations.read(file, ReadOptions.tolerant());
    assertThat(data)
        .containsExactly(
            new Demonstration.Conversation(List.of(Message.user("Q"), Message.assistant("A"))));
    assertThat(data.report().skipped()).hasSize(2);
    assertThatThrownBy(() -> Demonstrations.read(file))
        .hasMessageContaining("line 2")
        .hasMessageContaining("assistant message");
  }

  @Test
  void textsAreStreamedAndMixedFormsRefused() throws IOException {
    Path file =
        file(
            "{\"text\":\"a\"}\n{\"prompt\":\"Q\",\"completion\":\"A\"}\n{\"text\":\" \"}\n{\"x\":1}\n");
    List<Demonstration> seen = new ArrayList<>();
    ReadReport report = Demonstrations.forEach(file, ReadOptions.tolerant(), seen::add);
    assertThat(seen).containsExactly(new Demonstration.Text("a"));
    assertThat(report.faults())
        .containsOnlyKeys(Fault.MIXED_FORMS, Fault.EMPTY_TEXT, Fault.MISSING_FIELD);
  }
}
