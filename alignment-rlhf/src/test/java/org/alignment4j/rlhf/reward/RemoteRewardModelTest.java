package org.alignment4j.rlhf.reward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.alignment4j.rlhf.reward.RewardServer.send;
import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.calls.CallOptions;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.core.calls.UsageLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rewards over HTTP, from a server that answers, throttles, fails, stalls or lies. */
class RemoteRewardModelTest {

  private static final String KEY = "skverysecretkey";

  /** Retries without waiting. */
  private static final CallOptions FAST =
      CallOptions.DEFAULT
          .withRetry(
              new RetryPolicy(
                  3, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0, Duration.ofSeconds(5)))
          .withTimeout(Duration.ofSeconds(20))
          .withGrace(Duration.ZERO);

  private static RemoteRewardModel model(RewardServer server) {
    return RemoteRewardModel.of(server.uri("/get_reward")).withOptions(FAST);
  }

  private static final RewardModel PARTS =
      EnsembleRewardModel.of(
          EnsembleScore.mean(),
          ImmutableMap.of(
              "value", Scoring.numbers("n"), "length", new Scoring("l", String::length)));

  @Test
  void aServedModelScoresAsItDoesHere() throws Exception {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(PARTS))) {
      UsageLedger ledger = new UsageLedger();
      RemoteRewardModel remote = model(server).withBatchSize(2).withLedger(ledger);
      List<PromptCompletion> answers = answers("1", "22", "3", "0.5", "-7");
      List<Reward> here = PARTS.score(answers);
      List<Reward> there = remote.score(answers);
      for (int i = 0; i < here.size(); i++) {
        assertThat(there.get(i).value()).isEqualTo(here.get(i).value());
        assertThat(there.get(i).components()).isEqualTo(here.get(i).components());
      }
      assertThat(server.bodies)
          .containsExactlyInAnyOrder(
              "{\"query\":[\"x1\",\"x22\"],\"prompts\":[\"x\",\"x\"]}",
              "{\"query\":[\"x3\",\"x0.5\"],\"prompts\":[\"x\",\"x\"]}",
              "{\"query\":[\"x-7\"],\"prompts\":[\"x\"]}");
      assertThat(ledger.byRole().get(RemoteRewardModel.ROLE).calls()).isEqualTo(3);
      assertThat(remote.score(List.of())).isEmpty();
    }
  }

  @Test
  void anotherServersFieldsAreMapped() throws Exception {
    try (RewardServer server =
        new RewardServer(
            (exchange, body) ->
                send(exchange, 200, "{\"data\":[{\"data\":[0.25]},{\"data\":[-3e2]}]}"))) {
      RemoteRewardModel remote =
          model(server)
              .withProtocol(
                  JsonRewardProtocol.empty()
                      .constant("model", "rm")
                      .field("input", a -> a.completion())
                      .rewardsAt("/data", "/data/0"));
      assertThat(remote.score(answers("ä\"\n", "b")))
          .containsExactly(Reward.of(0.25), Reward.of(-300));
      assertThat(server.bodies)
          .containsExactly("{\"model\":\"rm\",\"input\":[\"ä\\\"\\n\",\"b\"]}");
    }
  }

  @ParameterizedTest
  @CsvSource({"429, 3", "500, 3", "503, 3", "408, 3", "400, 1", "401, 1", "404, 1"})
  void statusesThatPassAreTriedAgainAndOthersNot(int status, int requests) throws Exception {
    try (RewardServer server =
        new RewardServer((exchange, body) -> send(exchange, status, "not now"))) {
      RemoteCallException e =
          catchThrowableOfType(
              RemoteCallException.class, () -> model(server).score(answers("1", "2")));
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
      assertThat(model(server).score(answers("1"))).containsExactly(Reward.of(4));
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
          catchThrowableOfType(RemoteCallException.class, () -> model(server).score(answers("1")));
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
      assertThatThrownBy(() -> model(server).score(answers("1", "2")))
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
          model(server)
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

  @Test
  void keysAreSentAndNeverShown() throws Exception {
    try (RewardServer server =
        new RewardServer(
            (exchange, body) ->
                send(
                    exchange,
                    body.contains("x1") ? 401 : 200,
                    body.contains("x1")
                        ? "bad key "
                            + exchange.getRequestHeaders().getFirst("Authorization")
                            + exchange.getRequestURI()
                        : KEY))) {
      RemoteRewardModel remote =
          RemoteRewardModel.of(server.uri("/rm?token=query-secret"))
              .withOptions(FAST)
              .withHeader("Authorization", "Bearer " + KEY);
      for (String answer : new String[] {"1", "2"}) {
        Throwable e = catchThrowableOfType(Exception.class, () -> remote.score(answers(answer)));
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
            .contains("/rm")
            .doesNotContain(KEY)
            .doesNotContain("query-secret");
      }
      assertThat(remote.toString() + remote.id())
          .doesNotContain(KEY)
          .doesNotContain("query-secret");
      assertThat(server.keys).containsOnly("Bearer " + KEY).hasSize(2);
    }
  }

  @Test
  void redirectionsAreNotFollowed() throws Exception {
    try (RewardServer other = RewardServer.of(RewardEndpoint.of(PARTS));
        RewardServer server =
            new RewardServer(
                (exchange, body) -> {
                  exchange.getResponseHeaders().set("Location", other.uri("/steal").toString());
                  send(exchange, 307, "");
                })) {
      RemoteRewardModel remote = model(server).withHeader("Authorization", "Bearer " + KEY);
      assertThatThrownBy(() -> remote.score(answers("1")))
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("status 307: a redirection, which is not followed");
      assertThat(other.bodies).isEmpty();
      HttpClient following =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
      assertThatThrownBy(() -> remote.withClient(following))
          .hasMessageContaining("client must follow no redirections")
          .hasMessageContaining("NORMAL");
    }
  }

  @Test
  void noMoreRequestsRunAtOnceThanAllowed() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger peak = new AtomicInteger();
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              peak.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.sleep(30);
              now.decrementAndGet();
              send(exchange, 200, "{\"rewards\": [1]}");
            })) {
      String[] texts = new String[12];
      Arrays.setAll(texts, Integer::toString);
      RemoteRewardModel remote =
          model(server)
              .withBatchSize(1)
              .withOptions(FAST.withConcurrency(ConcurrencyLimits.atMost(3)));
      assertThat(remote.score(answers(texts))).hasSize(12);
      assertThat(peak.get()).isBetween(2, 3);
    }
  }

  @Test
  void manyThreadsScoreAtOnce() throws Exception {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(Scoring.numbers("n")))) {
      RemoteRewardModel remote = model(server).withBatchSize(3);
      ExecutorService pool = Executors.newFixedThreadPool(6);
      try {
        List<Callable<List<Reward>>> tasks = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
          String[] texts = new String[10];
          for (int i = 0; i < texts.length; i++) {
            texts[i] = "" + (100 * t + i);
          }
          tasks.add(() -> remote.score(answers(texts)));
        }
        List<Future<List<Reward>>> results = pool.invokeAll(tasks);
        for (int t = 0; t < 12; t++) {
          for (int i = 0; i < 10; i++) {
            assertThat(results.get(t).get().get(i).value()).isEqualTo(100 * t + i);
          }
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  @Test
  void aBudgetIsCarriedFromCallToCall() throws Exception {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(Scoring.numbers("n")))) {
      RemoteRewardModel remote =
          model(server)
              .withBatchSize(1)
              .withLedger(new UsageLedger())
              .withOptions(FAST.withBudget(Budget.UNLIMITED.withCalls(3)));
      assertThat(remote.score(answers("1", "2"))).hasSize(2);
      BudgetExceededException e =
          catchThrowableOfType(
              BudgetExceededException.class, () -> remote.score(answers("3", "4", "5")));
      assertThat(e.resource()).isEqualTo("calls");
      assertThat(e).hasMessageContaining("after 1 of 3 requests");
      assertThat(server.bodies).hasSize(3);
    }
  }

  @Test
  void cancellationEndsTheWait() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Cancellation cancellation = new Cancellation();
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              cancellation.cancel();
              end.await();
            })) {
      assertThatThrownBy(() -> model(server).score(answers("1"), cancellation))
          .isInstanceOf(CancelledException.class);
      end.countDown();
    }
  }

  @Test
  void whatCannotBeSentIsRefused() throws IOException {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(PARTS))) {
      assertThatThrownBy(
              () -> model(server).score(List.of(new PromptCompletion(Prompt.tokens(1), "a"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a prompt must be text to be sent but was token ids");
      assertThat(server.bodies).isEmpty();
    }
    for (String wrong : new String[] {"ftp://host/rm", "http:///rm", "rm"}) {
      assertThatThrownBy(() -> RemoteRewardModel.of(URI.create(wrong)))
          .hasMessageContaining("endpoint must be an http or https address");
    }
    assertThatThrownBy(() -> RemoteRewardModel.of(URI.create("https://me:pass@host/rm")))
        .hasMessageContaining("must not contain a user or password")
        .hasMessageNotContaining("pass@");
    assertThatThrownBy(
            () -> RemoteRewardModel.of(URI.create("http://localhost/rm")).withBatchSize(0))
        .hasMessage("batch size must be at least 1 but was 0");
  }

  @Test
  void identitiesNameEndpointAndProtocol() {
    RemoteRewardModel one = RemoteRewardModel.of(URI.create("http://localhost:1/rm"));
    assertThat(one.id())
        .contains("http://localhost:1/rm")
        .isNotEqualTo(one.withProtocol(JsonRewardProtocol.empty()).id());
  }

  @Test
  void anEndpointTellsWhatIsWrongWithARequest() {
    RewardEndpoint endpoint = RewardEndpoint.of(Scoring.numbers("n"));
    Map<String, String> wrong =
        ImmutableMap.of(
            "no", "a request must be JSON",
            "{}", "a list of texts 'query'",
            "{\"query\": [1]}", "query[0] must be a text but is NUMBER",
            "{\"query\": [\"a1\"], \"prompts\": []}", "prompts must be as many as the 1 queries",
            "{\"query\": [\"a1\"], \"prompts\": [\"b\"]}", "query[0] must begin with prompts[0]");
    wrong.forEach(
        (body, message) -> {
          RewardEndpoint.Response response = endpoint.answer(body);
          assertThat(response.status()).isEqualTo(400);
          assertThat(response.body()).startsWith("{\"error\":").contains(message);
        });
    assertThat(endpoint.answer("{\"query\": [\"5\"]}"))
        .isEqualTo(
            new RewardEndpoint.Response(
                200, "{\"rewards\":[5.0],\"scores\":[5.0],\"extra_logs\":{}}"));
    RewardModel broken =
        new Scoring(
            "broken",
            t -> {
              throw new ModelExecutionException("gone");
            });
    assertThat(RewardEndpoint.of(broken).answer("{\"query\": [\"5\"]}"))
        .isEqualTo(new RewardEndpoint.Response(500, "{\"error\":\"gone\"}"));
    assertThat(endpoint.answer("{\"query\": []}").status()).isEqualTo(200);
    assertThat(RewardEndpoint.of(new Uneven()).answer("{\"query\": [\"\", \"\"]}").body())
        .as("a component that some rewards lack")
        .endsWith("\"extra_logs\":{\"all\":[1.0,1.0]}}");
  }

  /** Rewards of which the first has a component more. */
  private static final class Uneven implements RewardModel {
    @Override
    public String id() {
      return "uneven";
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      return List.of(
          new Reward(0, ImmutableMap.of("some", 2.0, "all", 1.0), OptionalDouble.empty()),
          new Reward(0, Map.of("all", 1.0), OptionalDouble.empty()));
    }
  }
}
