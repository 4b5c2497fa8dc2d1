package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatedAnswersTest {

  @TempDir Path folder;

  private Path file(String... rows) throws IOException {
    return Files.writeString(
        folder.resolve("rated.jsonl"), String.join("\n", rows).replace('\'', '"'));
  }

  private static RatedAnswer rated(Prompt prompt, String answer, double reward) {
    return new RatedAnswer(new PromptCompletion(prompt, answer), reward);
  }

  @Test
  void textsAndConversations() throws IOException {
    assertThat(
            RatedAnswers.read(
                file(
                    "{'prompt':'Q','answer':' a','reward':-1.5,'more':1}",
                    "{'system':'S','prompt':[{'role':'user','content':'Q'}],'answer':'b','reward':2}")))
        .containsExactly(
            rated(Prompt.text("Q"), " a", -1.5),
            rated(Prompt.chat(Message.system("S"), Message.user("Q")), "b", 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt':'Q','answer':'a'}|field 'reward'",
        "{'prompt':'Q','answer':'a','reward':'high'}|field 'reward'",
        "{'prompt':'Q','answer':'a','reward':'NaN'}|field 'reward'",
        "{'prompt':'Q','answer':'a','reward':null}|field 'reward'",
        "{'prompt':'Q','answer':' ','reward':1}|field 'answer'",
        "{'prompt':'Q','completion':'a','reward':1}|field 'answer'",
        "{'prompt':3,'answer':'a','reward':1}|field 'prompt'",
        "{'answer':'a','reward':1}|field 'prompt'"
      })
  void faultsNameFileLineAndField(String row, String field) throws IOException {
    Path file = file("{'prompt':'Q','answer':'a','reward':1}", row);
    assertThatThrownBy(() -> RatedAnswers.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll(file.toString(), "line 2", field);
  }

  @Test
  void tolerantReadingSkipsAndCounts() throws IOException {
    Path file =
        file(
            "{'prompt':'Q','answer':'a','reward':1}",
            "{'prompt':'Q','answer':'','reward':1}",
            "{'prompt':'Q','answer':'b','reward':0}");
    Dataset<RatedAnswer> read = RatedAnswers.read(file, ReadOptions.tolerant());
    assertThat(read).hasSize(2);
    List<RatedAnswer> handed = new ArrayList<>();
    assertThat(RatedAnswers.forEach(file, ReadOptions.tolerant(), handed::add).rows()).isEqualTo(3);
    assertThat(handed).isEqualTo(read);
  }
}
