package org.alignment4j.rlhf.reward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.alignment4j.rlhf.reward.RewardServer.FAST;
import static org.alignment4j.rlhf.reward.RewardServer.send;
import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.calls.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints that throttle, fail, stall or lie. */
class RemoteRewardFailuresTest {

  @ParameterizedTest
  @CsvSource({"429, 3", "500, 3", "503, 3", "408, 3", "400, 1", "401, 1", "404, 1"})
  void statusesThatPassAreTriedAgainAndOthersNot(int status, int requests) throws Exception {
    try (RewardServer server =
        new RewardServer((exchange, body) -> send(exchange, status, "not now"))) {
      RemoteCallException e =
          catchThrowableOfType(
              RemoteCallException.class, () -> server.model().score(answers("1", "2")));
      assertThat(e)
          .hasMessageContaining("/get_reward answered with status " + status + ": not now")
          .hasMessageContaining("batch 0, " + requests + " attempts");
      assertThat(e.status()).hasValue(status);
      assertThat(e.retryable()).isEqualTo(requests > 1);
      assertThat(server.bodies).hasSize(requests);
    }
  }

  @Test
  void aFailureThatPassesIsForgotten() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              int call = calls.incrementAndGet();
              if (call == 1) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                send(exchange, 429, "");
              } else if (call == 2) {
                send(exchange, 502, "<html>bad gateway</html>");
              } else {
                send(exchange, 200, "{\"rewards\": [4]}");
              }
            })) {
      assertThat(server.model().score(answers("1"))).containsExactly(Reward.of(4));
      assertThat(calls).hasValue(3);
    }
  }

  @Test
  void theWaitTheEndpointAsksForIsRead() throws Exception {
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              exchange.getResponseHeaders().set("Retry-After", "7200");
              send(exchange, 429, "");
            })) {
      RemoteCallException e =
          catchThrowableOfType(RemoteCallException.class, () -> server.model().score(answers("1")));
      assertThat(e.retryAfter()).hasValue(Duration.ofHours(2));
      assertThat(server.bodies).as("longer than the policy waits").hasSize(1);
    }
  }

  /** Plain sockets: the JDK's server writes the date itself. */
  @Test
  void aWaitByDateCountsFromTheEndpointsOwnTime() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Future<?> served =
          thread.submit(
              () -> {
                try (Socket socket = listening.accept()) {
                  socket.getInputStream().read();
                  socket
                      .getOutputStream()
                      .write(
                          """
                          HTTP/1.1 429 Too Many Requests\r
                          Date: Wed, 21 Oct 2015 07:28:00 GMT\r
                          Retry-After: Wed, 21 Oct 2015 08:28:00 GMT\r
                          Content-Length: 0\r
                          \r
                          """
                              .getBytes(UTF_8));
                  socket.getOutputStream().flush();
                  // What was not read would reset the connection under the reply.
                  socket.shutdownOutput();
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
                return null;
              });
      URI uri = URI.create("http://localhost:" + listening.getLocalPort() + "/rm");
      RemoteRewardModel remote = RemoteRewardModel.of(uri).withOptions(FAST);
      RemoteCallException e =
          catchThrowableOfType(RemoteCallException.class, () -> remote.score(answers("1")));
      // An hour is more than the policy waits: the call fails at once.
      assertThat(e.retryAfter()).hasValue(Duration.ofHours(1));
      assertThat(e).hasMessageContaining("1 attempts");
      served.cancel(true);
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void failuresOfAServedModelAreToldAndItsRefusalsAreNotTriedAgain() throws Exception {
    RewardModel failing =
        new Scoring(
            "failing",
            text -> {
              if (text.isEmpty()) {
                throw new IllegalArgumentException("an answer must have tokens");
              }
              throw new ModelExecutionException("the weights are gone");
            });
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(failing))) {
      RemoteCallException failed =
          catchThrowableOfType(RemoteCallException.class, () -> server.model().score(answers("1")));
      assertThat(failed)
          .hasMessageContaining("status 500")
          .hasMessageContaining("weights are gone");
      assertThat(server.bodies).hasSize(3);
      RemoteCallException refused =
          catchThrowableOfType(RemoteCallException.class, () -> server.model().score(answers("")));
      assertThat(refused).hasMessageContaining("status 400").hasMessageContaining("have tokens");
      assertThat(server.bodies).hasSize(4);
    }
  }

  @Test
  void anEndpointThatHangsUpIsAskedAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              if (calls.incrementAndGet() == 1) {
                // More is announced than is sent.
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('{');
              } else {
                send(exchange, 200, "{\"rewards\": [4]}");
              }
            })) {
      assertThat(server.model().score(answers("1"))).containsExactly(Reward.of(4));
      assertThat(calls).hasValue(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json|a response must be JSON but is not",
        "{\"rewards\": [1, 2]|a response must be JSON but is not",
        "{\"rewards\": [1, 2]} more|a response must be JSON but is not",
        "``|a list of 2 rewards at '/rewards' but has no list there",
        "{}|a list of 2 rewards at '/rewards' but has no list there",
        "{\"rewards\": 3}|a list of 2 rewards at '/rewards' but has no list there",
        "{\"rewards\": [1]}|a list of 2 rewards at '/rewards' but has 1 there",
        "{\"rewards\": [1, 2, 3]}|a list of 2 rewards at '/rewards' but has 3 there",
        "{\"rewards\": [1, NaN]}|a finite number but '/rewards/1' of the response is",
        "{\"rewards\": [Infinity, 1]}|a finite number but '/rewards/0' of the response is",
        "{\"rewards\": [1, null]}|a finite number but '/rewards/1' of the response is null",
        "{\"rewards\": [\"1\", 2]}|a finite number but '/rewards/0' of the response is \"1\"",
        "{\"rewards\": [1e999, 2]}|a finite number but '/rewards/0' of the response is"
      })
  void responsesThatCannotBeReadFailAtOnce(String response, String message) throws Exception {
    try (RewardServer server =
        new RewardServer((exchange, body) -> send(exchange, 200, response))) {
      assertThatThrownBy(() -> server.model().score(answers("1", "2")))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("/get_reward: ")
          .hasMessageContaining(message);
      assertThat(server.bodies).hasSize(1);
    }
  }

  @Test
  void anEndpointThatStallsTimesOutAndIsHungUpOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              // Headers arrive, the body never ends.
              exchange.sendResponseHeaders(200, 0);
              begun.countDown();
              try {
                while (true) {
                  exchange.getResponseBody().write(' ');
                  exchange.getResponseBody().flush();
                  Thread.sleep(5);
                }
              } catch (IOException e) {
                closed.countDown();
              }
            })) {
      RemoteRewardModel remote =
          server
              .model()
              .withOptions(FAST.withTimeout(Duration.ofMillis(500)).withRetry(RetryPolicy.NONE));
      assertThatThrownBy(() -> remote.score(answers("1")))
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("did not answer batch 0 at 1 attempts: TimeoutException");
      if (begun.getCount() == 0) {
        assertThat(closed.await(20, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
      }
    }
  }

  @Test
  void anEndpointThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    RemoteRewardModel remote =
        RemoteRewardModel.of(URI.create("http://localhost:" + port + "/rm")).withOptions(FAST);
    assertThatThrownBy(() -> remote.score(answers("1")))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining(
            "http://localhost:" + port + "/rm did not answer batch 0 at 3 attempts")
        .hasMessageContaining("ConnectException");
  }
}
