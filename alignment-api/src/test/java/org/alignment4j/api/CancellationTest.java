package org.alignment4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CancellationTest {

  @Test
  void stopsAfterCancel() {
    Cancellation cancellation = new Cancellation();
    assertThatCode(() -> cancellation.throwIfCancelled("training")).doesNotThrowAnyException();

    cancellation.cancel();

    assertThat(cancellation.isCancelled()).isTrue();
    assertThatThrownBy(() -> cancellation.throwIfCancelled("training"))
        .isInstanceOf(CancelledException.class)
        .hasMessage("training was cancelled");
  }

  @Test
  void interruptionStopsAndTheFlagStays() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> CancellationToken.none().throwIfCancelled("generation"))
          .isInstanceOf(CancelledException.class)
          .hasMessage("generation was interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
