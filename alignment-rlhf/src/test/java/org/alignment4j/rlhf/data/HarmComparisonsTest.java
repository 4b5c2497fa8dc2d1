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
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HarmComparisonsTest {

  @TempDir Path folder;

  private Path file(String... rows) throws IOException {
    return Files.writeString(
        folder.resolve("harm.jsonl"), String.join("\n", rows).replace('\'', '"'));
  }

  private static String row(Object safer, Object firstSafe, Object secondSafe) {
    return ("{'prompt':'Q','response_0':' a','response_1':' b','better_response_id':0,"
            + "'safer_response_id':%s,'is_response_0_safe':%s,'is_response_1_safe':%s}")
        .formatted(safer, firstSafe, secondSafe);
  }

  /** Helpfulness plays no part: the first answer is the better one in all rows. */
  @Test
  void theSaferAnswerIsTheLessHarmfulOne() throws IOException {
    Prompt prompt = Prompt.text("Q");
    assertThat(
            HarmComparisons.read(
                file(
                    row(0, true, false),
                    row(1, false, true),
                    row(0, true, true),
                    row(1, false, false),
                    row(1, 0, 1))))
        .containsExactly(
            new HarmComparison(prompt, " b", " a", true, false),
            new HarmComparison(prompt, " a", " b", true, false),
            new HarmComparison(prompt, " b", " a", false, false),
            new HarmComparison(prompt, " a", " b", true, true),
            new HarmComparison(prompt, " a", " b", true, false));
  }

  @Test
  void promptsMayBeConversationsAndNamesOthers() throws IOException {
    String row =
        row(0, true, true)
            .replace("'Q'", "[{'role':'user','content':'Q'}]")
            .replace("'response_0'", "'one'")
            .replace(",'better_response_id':0", "");
    Dataset<HarmComparison> read =
        HarmComparisons.read(file(row), ReadOptions.strict().withField("response_0", "one"));
    assertThat(read)
        .containsExactly(
            new HarmComparison(Prompt.chat(Message.user("Q")), " b", " a", false, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2|true|true|field 'safer_response_id'|must be 0 or 1 but was 2",
        "-1|true|true|field 'safer_response_id'|must be 0 or 1 but was -1",
        "'x'|true|true|field 'safer_response_id'|whole number",
        "0|'maybe'|true|field 'is_response_0_safe'|true or false",
        "0|true|null|field 'is_response_1_safe'|",
        "0|false|true|field 'safer_response_id'|must not be unsafe beside a safe one but was 0",
        "1|true|false|field 'safer_response_id'|is_response_1_safe is false"
      })
  void faultsNameFileLineAndField(
      String safer, String firstSafe, String secondSafe, String field, String part)
      throws IOException {
    Path file = file(row(0, true, true), row(safer, firstSafe, secondSafe));
    assertThatThrownBy(() -> HarmComparisons.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll(file.toString(), "line 2", field, part == null ? "" : part);
  }

  @Test
  void tolerantReadingSkipsAndCounts() throws IOException {
    Path file =
        file(
            row(0, true, true),
            row(0, true, true).replace("' b'", "' '"),
            row(0, false, true),
            row(1, true, true));
    Dataset<HarmComparison> read = HarmComparisons.read(file, ReadOptions.tolerant());
    assertThat(read).hasSize(2);
    assertThat(read.report().skipped()).hasSize(2);
    List<HarmComparison> handed = new ArrayList<>();
    assertThat(HarmComparisons.forEach(file, ReadOptions.tolerant(), handed::add).rows())
        .isEqualTo(4);
    assertThat(handed).isEqualTo(read);
  }
}
