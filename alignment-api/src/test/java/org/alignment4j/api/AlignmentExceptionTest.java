package org.alignment4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlignmentExceptionTest {

  @Test
  void longMessagesLoseTheirMiddle() {
    String message = "a name must be short but was '" + "x".repeat(1_000_000) + "'; shorten it";
    for (AlignmentException e :
        new AlignmentException[] {
          new AlignmentException(message), new CheckpointException(message, new Error())
        }) {
      assertThat(e.getMessage())
          .hasSizeLessThan(8_100)
          .startsWith("a name must be short but was 'xxx")
          .contains("x … x")
          .endsWith("xxx'; shorten it");
    }
    assertThat(new AlignmentException("short")).hasMessage("short");
  }
}
