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
import org.alignment4j.api.reward.UnpairedLabel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnpairedLabelsTest {

  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(
        folder.resolve("u.jsonl"), String.join("\n", lines).replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "true,true",
        "false,false",
        "1,true",
        "0,false",
        "'true',true",
        "'False',false",
        "'1',true"
      })
  void labelsOfEverySpelling(String label, boolean desirable) throws IOException {
    assertThat(UnpairedLabels.read(file("{'prompt':'Q','completion':' A','label':" + label + "}")))
        .containsExactly(new UnpairedLabel(Prompt.text("Q"), " A", desirable));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"2", "-1", "0.5", "'good'", "null", "[true]", "1.0"})
  void otherLabelsNameTheField(String label) throws IOException {
    Path file = file("{'prompt':'Q','completion':'A','label':" + label + "}");
    assertThatThrownBy(() -> UnpairedLabels.read(file)).hasMessageContaining("field 'label'");
  }

  @Test
  void conversations() throws IOException {
    UnpairedLabel expected =
        new UnpairedLabel(Prompt.chat(Message.system("s"), Message.user("Q")), "A", true);
    String user = "{'role':'user','content':'Q'}";
    String assistant = "{'role':'assistant','content':'A'}";
    assertThat(
            UnpairedLabels.read(
                file(
                    "{'system':'s','prompt':["
                        + user
                        + "],'completion':["
                        + assistant
                        + "],'label':true}")))
        .containsExactly(expected);
    assertThat(
            UnpairedLabels.read(
                file("{'system':'s','messages':[" + user + "," + assistant + "],'label':true}")))
        .containsExactly(expected);
    assertThat(
            UnpairedLabels.read(file("{'system':'s','prompt':'Q','completion':'A','label':true}")))
        .containsExactly(expected);
    Path noAnswer = file("{'messages':[" + assistant + "," + user + "],'label':true}");
    assertThatThrownBy(() -> UnpairedLabels.read(noAnswer))
        .hasMessageContaining("assistant message")
        .hasMessageContaining("'messages'");
    Path alone = file("{'messages':[" + assistant + "],'label':true}");
    assertThatThrownBy(() -> UnpairedLabels.read(alone)).hasMessageContaining("before the answer");
    Path twice =
        file(
            "{'system':'s','prompt':[{'role':'system','content':'t'}],'completion':'A','label':1}");
    assertThatThrownBy(() -> UnpairedLabels.read(twice)).hasMessageContaining("stated once");
  }

  @Test
  void csvIsStreamedAndCounted() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("u.csv"), "question,completion,label\nQ,A,true\nQ,,false\nQ,B,0\n");
    List<UnpairedLabel> seen = new ArrayList<>();
    ReadReport report =
        UnpairedLabels.forEach(
            file, ReadOptions.tolerant().withField("prompt", "question"), seen::add);
    assertThat(seen).extracting(UnpairedLabel::desirable).containsExactly(true, false);
    assertThat(report.count(Fault.EMPTY_TEXT)).isEqualTo(1);
  }

  @Test
  void textAndConversationsDoNotMix() throws IOException {
    Path file =
        file(
            "{'prompt':'Q','completion':'A','label':true}",
            "{'prompt':[{'role':'user','content':'Q'}],'completion':'A','label':true}");
    assertThatThrownBy(() -> UnpairedLabels.read(file))
        .hasMessageContaining("line 2")
        .hasMessageContaining("text as prompt");
  }
}
