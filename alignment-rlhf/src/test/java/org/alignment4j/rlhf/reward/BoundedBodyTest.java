package org.alignment4j.rlhf.reward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.alignment4j.api.ModelExecutionException;
import org.junit.jupiter.api.Test;

/** Bodies of responses that fit, and one that does not. */
class BoundedBodyTest {

  private boolean cancelled;

  private final Flow.Subscription subscription =
      new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
          cancelled = true;
        }
      };

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private String body(BoundedBody body) {
    return body.getBody().toCompletableFuture().join();
  }

  @Test
  void aBodyMayFillTheLimit() {
    BoundedBody body = new BoundedBody(6);
    body.onSubscribe(subscription);
    // A character of two bytes, of which each arrives by itself.
    byte[] umlaut = "ä".getBytes(UTF_8);
    body.onNext(List.of(bytes("ab"), ByteBuffer.wrap(umlaut, 0, 1)));
    body.onNext(List.of(ByteBuffer.wrap(umlaut, 1, 1), bytes("cd")));
    body.onComplete();
    assertThat(body(body)).isEqualTo("abäcd");
    assertThat(cancelled).isFalse();
  }

  @Test
  void aLongerOneIsGivenUp() {
    BoundedBody body = new BoundedBody(6);
    body.onSubscribe(subscription);
    body.onNext(List.of(bytes("abcd")));
    body.onNext(List.of(bytes("efg"), bytes("h")));
    body.onComplete();
    assertThat(cancelled).isTrue();
    assertThatThrownBy(() -> body(body))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("a response must have at most 6 bytes but has more");
  }

  @Test
  void aBrokenConnectionIsPassedOn() {
    BoundedBody body = new BoundedBody(6);
    body.onSubscribe(subscription);
    body.onError(new IOException("reset"));
    assertThatThrownBy(() -> body(body)).hasRootCauseMessage("reset");
  }
}
