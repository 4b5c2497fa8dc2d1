package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.time.Duration;
import java.util.List;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What LangChain4j's failures become. */
final class FailureReaderTest {
  private static final FailureReader READER =
      new FailureReader("the model", new Redactor(List.of("hunter2hunter2")));

  static List<Arguments> failuresOfCalls() {
    return List.of(
        Arguments.of(new RateLimitException(new HttpException(429, "slow down")), 429, true),
        Arguments.of(new RateLimitException("slow down"), 429, true),
        Arguments.of(new InternalServerException(new HttpException(503, "busy")), 503, true),
        Arguments.of(new InternalServerException("no choices"), 0, true),
        Arguments.of(new HttpException(502, "gateway"), 502, true),
        Arguments.of(new TimeoutException("too long"), 0, true),
        Arguments.of(new TimeoutException(new HttpException(408, "too long")), 408, true),
        Arguments.of(new java.util.concurrent.TimeoutException("too long"), 0, true),
        Arguments.of(new UnresolvedModelServerException("no such host"), 0, true),
        Arguments.of(new RuntimeException(new IOException("connection reset")), 0, true),
        Arguments.of(new AuthenticationException(new HttpException(401, "key")), 401, false),
        Arguments.of(new AuthenticationException("key"), 0, false),
        Arguments.of(new InvalidRequestException(new HttpException(400, "no")), 400, false),
        Arguments.of(new ModelNotFoundException(new HttpException(404, "no")), 404, false),
        Arguments.of(new ContentFilteredException("no"), 0, false),
        Arguments.of(new HttpException(307, "elsewhere"), 307, false));
  }

  @ParameterizedTest
  @MethodSource("failuresOfCalls")
  void aFailedCallSaysItsStatusAndWhetherItMayPass(
      Exception failure, int status, boolean retryable) {
    RemoteCallException read = (RemoteCallException) READER.read(failure);

    assertThat(read.status().orElse(0)).isEqualTo(status);
    assertThat(read.retryable()).isEqualTo(retryable);
    assertThat(read.retryAfter()).isEmpty();
    assertThat(read).hasCause(failure).hasMessageStartingWith("the model ");
  }

  static List<Arguments> unreadable() {
    return List.of(
        Arguments.of(new RuntimeException(new JsonParseException(null, "unexpected"))),
        Arguments.of(new RuntimeException(new MalformedInputException(1))),
        Arguments.of(new LangChain4jException("odd")),
        Arguments.of(new IllegalStateException("odd")));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void aResponseThatCannotBeReadIsNoFailureOfTheTransport(Exception failure) {
    assertThat(READER.read(failure)).isExactlyInstanceOf(ModelExecutionException.class);
  }

  @Test
  void anUnsupportedOptionIsTheCallersMistake() {
    assertThat(READER.read(new UnsupportedFeatureException("topK is not supported")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topK is not supported");
  }

  @Test
  void theWaitOfTheHeaderIsFoundAmongTheCauses() {
    HttpFailure failure = new HttpFailure(429, "slow down", Duration.ofSeconds(7));
    RemoteCallException read = (RemoteCallException) READER.read(new RateLimitException(failure));

    assertThat(read.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(read.status()).hasValue(429);
  }

  @Test
  void interruptionIsCancellation() {
    assertThat(READER.read(new RuntimeException(new InterruptedException())))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void failuresOfThisLibraryPassUnchanged() {
    BudgetExceededException limit = new BudgetExceededException("calls", "none left");

    assertThat(READER.read(limit)).isSameAs(limit);
    assertThat(READER.read(new LangChain4jException("around", limit))).isSameAs(limit);
  }

  @Test
  void keysAreInNoMessageAndNoCause() {
    for (String body :
        List.of(
            "wrong key hunter2hunter2",
            "Authorization: Bearer abcdefghijk",
            "incorrect key provided: sk-proj-12345678",
            "https://models.example/v1?key=topsecretvalue failed")) {
      RuntimeException read =
          READER.read(new AuthenticationException(new HttpException(401, body)));

      assertThat(read.getMessage())
          .contains("***")
          .doesNotContain("hunter2", "abcdefghijk", "12345678", "topsecretvalue");
      assertThat(read).hasNoCause();
    }
  }

  @Test
  void longBodiesAreShortened() {
    RuntimeException read = READER.read(new HttpException(500, "x".repeat(5000) + "\n y"));

    assertThat(read.getMessage()).hasSizeLessThan(450).contains("…");
  }
}
