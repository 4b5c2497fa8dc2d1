package org.alignment4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DataFormatExceptionTest {

  @Test
  void messageEndsWithThePlace() {
    DataFormatException failure =
        new DataFormatException("pairs.jsonl", 7, "chosen", "chosen must be text but was 3");

    assertThat(failure)
        .hasMessage("chosen must be text but was 3 (pairs.jsonl, line 7, field 'chosen')");
    assertThat(failure.line()).hasValue(7);
    assertThat(failure.field()).contains("chosen");
    assertThat(failure.problem()).isEqualTo("chosen must be text but was 3");
  }

  @Test
  void wholeFileHasNeitherLineNorField() {
    DataFormatException failure =
        new DataFormatException("a.csv", 0, null, "file must not be empty");

    assertThat(failure).hasMessage("file must not be empty (a.csv)");
    assertThat(failure.line()).isEmpty();
    assertThat(failure.field()).isEmpty();
  }
}
