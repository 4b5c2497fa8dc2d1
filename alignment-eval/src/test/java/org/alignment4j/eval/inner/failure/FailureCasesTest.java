package org.alignment4j.eval.inner.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Measured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureCasesTest {

  private static final String ROW =
      "{'id':'a','title':'t','transcript':'x','label':'outer','citation':'c 2020','observations':"
          + "[{'situation':'training','order':'equal','source':'s'},"
          + "{'situation':'elsewhere','failing':2,'intended':[1,0.5],'standard_error':0.1,"
          + "'source':'s'}]}\n";

  @TempDir Path folder;

  private Path file(String rows) throws IOException {
    return Files.writeString(folder.resolve("cases.jsonl"), rows.replace('\'', '"'));
  }

  @Test
  void bothKindsOfEvidence() throws IOException {
    FailureCase read = FailureCases.read(file(ROW)).get(0);
    assertThat(read.label()).isEqualTo(FailureCause.OUTER);
    assertThat(read.observations()).hasSize(2);
    assertThat(read.observations().get(0).inTraining()).isTrue();
    assertThat(((Measured) read.observations().get(1).evidence()).margin()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'outer'|'both'|label|must be one of [outer, inner, mixed, undetermined] but was 'both'",
        "'equal'|'same'|order|must be one of [failing_higher, equal, intended_higher, unknown]",
        "'training'|'lab'|situation|must be training or elsewhere but was 'lab'",
        "[1,0.5]|[]|intended|there must be the score of an alternative",
        "0.1,|-0.1,|standard_error|must not be negative but was -0.1",
        "'b'|'a'|id|an id must occur once but 'a' occurs twice"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    String second = ROW.replace("'a'", "'b'").replace(good, bad);
    Path file = file(ROW + second);
    assertThatThrownBy(() -> FailureCases.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("cases.jsonl, line 2")
        .hasMessageContaining(field);
    assertThat(FailureCases.read(file, ReadOptions.tolerant())).hasSize(1);
  }

  @Test
  void anEmptyListOfObservations() throws IOException {
    Path file = file("{'id':'a','observations':[]}\n");
    assertThatThrownBy(() -> FailureCases.read(file))
        .hasMessageContaining("there must be an observation but the list is empty");
  }
}
