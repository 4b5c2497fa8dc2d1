package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content.replace('\'', '"'));
  }

  @Test
  void textsAndConversations() throws IOException {
    assertThat(Prompts.read(file("a.jsonl", "{'prompt':'Q','chosen':'x'}\n{'prompt':'R'}")))
        .containsExactly(Prompt.text("Q"), Prompt.text("R"));
    assertThat(Prompts.read(file("b.jsonl", "{'prompt':[{'role':'user','content':'Q'}]}")))
        .containsExactly(Prompt.chat(Message.user("Q")));
    assertThat(Prompts.read(file("c.csv", "system,prompt\nBe brief.,Q\n,R\n")))
        .containsExactly(
            Prompt.chat(Message.system("Be brief."), Message.user("Q")),
            Prompt.chat(Message.user("R")));
  }

  @Test
  void plainLinesAndLists() throws IOException {
    Path lines = file("a.txt", "one\n\n two \r\nthree");
    assertThat(Prompts.read(lines, ReadOptions.strict().withFormat(DataFormat.TEXT_LINES)))
        .containsExactly(Prompt.text("one"), Prompt.text(" two "), Prompt.text("three"));
    assertThat(Prompts.read(file("a.json", "['one','two']")))
        .containsExactly(Prompt.text("one"), Prompt.text("two"));
  }

  @Test
  void nestedFieldsAreNamedWithDots() throws IOException {
    Path file = file("a.jsonl", "{'item':{'ask':{'text':'Q'}},'a.b':'R'}\n{'item':{'ask':7}}");
    ReadOptions nested = ReadOptions.tolerant().withField("prompt", "item.ask.text");
    Dataset<Prompt> data = Prompts.read(file, nested);
    assertThat(data).containsExactly(Prompt.text("Q"));
    assertThat(data.report().skipped().get(0).toString()).contains("item.ask.text");
    assertThat(Prompts.read(file, ReadOptions.tolerant().withField("prompt", "a.b")))
        .containsExactly(Prompt.text("R"));
    Path roles = file("b.jsonl", "{'prompt':[{'from':'user','value':'Q'}]}");
    assertThat(
            Prompts.read(
                roles,
                ReadOptions.strict()
                    .withField("prompt.role", "from")
                    .withField("prompt.content", "value")))
        .containsExactly(Prompt.chat(Message.user("Q")));
  }

  @Test
  void missingAndEmptyPromptsNameThePlace() throws IOException {
    Path file = file("a.jsonl", "{'prompt':'Q'}\n{'question':'R'}");
    assertThatThrownBy(() -> Prompts.read(file))
        .hasMessageContaining("line 2, field 'prompt'")
        .hasMessageContaining("[question]");
    Path empty = file("b.jsonl", "{'prompt':' '}");
    assertThatThrownBy(() -> Prompts.read(empty)).hasMessageContaining("must not be empty");
  }
}
