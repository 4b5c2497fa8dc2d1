package org.alignment4j.langchain4j;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.calls.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chat model of LangChain4j over HTTP, with an endpoint that fails in every way. */
@Timeout(120)
final class RemoteFaultsTest {
  private static final String KEY = "hunter-of-lions-42";
  private static final SamplingOptions OPTIONS =
      SamplingOptions.builder(30).temperature(0.5).seed(77).build();
  private static final Prompt PROMPT = Prompt.text("hello");
  private static final RetryPolicy QUICK =
      new RetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0, Duration.ofMinutes(10));

  private static LangChain4jModel.Builder model(ChatServer server, Duration timeout) {
    return LangChain4jModel.of(
            OpenAiChatModel.builder()
                .baseUrl(server.url())
                .apiKey(KEY)
                .modelName("small")
                .maxRetries(0)
                .timeout(timeout)
                .httpClientBuilder(
                    new JdkHttpClientBuilder()
                        .httpClientBuilder(RetryAfterHttpClient.builder(HttpClient.newBuilder())))
                .build(),
            RemoteModelId.of("openai", server.url(), "small"))
        .hiding(KEY)
        .seeds(
            SeedPolicy.sent(
                (common, seed) ->
                    OpenAiChatRequestParameters.builder()
                        .overrideWith(common)
                        .seed((int) seed)
                        .build()));
  }

  private static LangChain4jModel.Builder model(ChatServer server) {
    return model(server, Duration.ofSeconds(30));
  }

  private static RemoteCallException failure(ChatServer.Reply reply) throws IOException {
    try (ChatServer server = new ChatServer(reply)) {
      RemoteCallException failure =
          catchThrowableOfType(
              RemoteCallException.class, () -> model(server).build().generate(PROMPT, OPTIONS));
      assertThat(failure).isNotNull();
      assertThat(server.requests).hasSize(1);
      return failure;
    }
  }

  /** Fails twice in one way, then answers. */
  private static Completion afterTwo(ChatServer.Reply fault) throws IOException {
    try (ChatServer server = failingTwice(fault)) {
      Completion completion = model(server).retrying(QUICK).build().generate(PROMPT, OPTIONS);
      assertThat(server.requests).hasSize(3);
      return completion;
    }
  }

  private static ChatServer failingTwice(ChatServer.Reply fault) throws IOException {
    return new ChatServer(
        (exchange, request, number) -> {
          if (number <= 2) {
            fault.to(exchange, request, number);
          } else {
            ChatServer.answer(exchange, "well");
          }
        });
  }

  @Test
  void aRequestSaysAllOptionsAndAResponseIsRead() throws IOException {
    try (ChatServer server =
        new ChatServer((exchange, request, number) -> ChatServer.answer(exchange, "fine"))) {
      Completion completion =
          model(server)
              .build()
              .generate(
                  Prompt.chat(Message.system("be brief"), Message.user("how are you?")),
                  OPTIONS.toBuilder().topP(0.5).stopStrings("END").build());
      JsonNode sent = server.requests.get(0);

      assertThat(sent.get("model").asText()).isEqualTo("small");
      assertThat(sent.get("temperature").asDouble()).isEqualTo(0.5);
      assertThat(sent.get("top_p").asDouble()).isEqualTo(0.5);
      assertThat(sent.get("max_tokens").asInt()).isEqualTo(30);
      assertThat(sent.get("seed").asInt()).isEqualTo(77);
      assertThat(sent.get("stop").get(0).asText()).isEqualTo("END");
      assertThat(sent.get("messages").get(0).get("role").asText()).isEqualTo("system");
      assertThat(sent.get("messages").get(1).get("content").toString()).contains("how are you?");
      assertThat(server.keys).containsExactly("Bearer " + KEY);
      assertThat(completion.text()).isEqualTo("fine");
      assertThat(completion.finishReason()).isEqualTo(FinishReason.UNKNOWN);
      assertThat(completion.usage().promptTokens()).isEqualTo(21);
      assertThat(completion.usage().completionTokens()).isEqualTo(9);
    }
  }

  @Test
  void anOptionThatTheProviderDoesNotKnowIsTheCallersMistake() throws IOException {
    try (ChatServer server =
        new ChatServer((exchange, request, number) -> ChatServer.answer(exchange, "fine"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> model(server).build().generate(PROMPT, OPTIONS.toBuilder().topK(5).build()))
          .withMessageContaining("topK");
      assertThat(server.requests).isEmpty();
    }
  }

  private static void throttle(HttpExchange exchange, String wait) throws IOException {
    exchange.getResponseHeaders().set("Retry-After", wait);
    ChatServer.send(exchange, 429, "{\"error\":{\"message\":\"slow down\"}}");
  }

  @Test
  void throttlingSaysHowLongToWait() throws IOException {
    RemoteCallException seconds = failure((exchange, request, number) -> throttle(exchange, "7"));

    assertThat(seconds.status()).hasValue(429);
    assertThat(seconds.retryable()).isTrue();
    assertThat(seconds.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(seconds).hasMessageContaining("slow down");
    RemoteCallException date =
        failure(
            (exchange, request, number) ->
                throttle(
                    exchange,
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90))));
    assertThat(date.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(85), Duration.ofSeconds(91));
    RemoteCallException silent =
        failure((exchange, request, number) -> ChatServer.send(exchange, 429, "{}"));
    assertThat(silent.status()).hasValue(429);
    assertThat(silent.retryAfter()).isEmpty();
  }

  @Test
  void theWaitIsKeptBeforeTheNextAttempt() throws IOException {
    CallClock clock = hasty();
    List<Long> arrivals = new CopyOnWriteArrayList<>();
    try (ChatServer server =
        new ChatServer(
            (exchange, request, number) -> {
              arrivals.add(clock.nanoTime());
              if (number <= 2) {
                throttle(exchange, "100");
              } else {
                ChatServer.answer(exchange, "well");
              }
            })) {
      Completion completion =
          model(server).retrying(QUICK).clock(clock).build().generate(PROMPT, OPTIONS);

      assertThat(completion.usage().retries()).isEqualTo(2);
      for (int i = 1; i < 3; i++) {
        assertThat(arrivals.get(i) - arrivals.get(i - 1))
            .isGreaterThanOrEqualTo(Duration.ofSeconds(100).toNanos());
      }
    }
  }

  /** A clock in which waits for nothing pass at once. */
  private static CallClock hasty() {
    return new CallClock() {
      private long ahead;

      @Override
      public synchronized long nanoTime() {
        return System.nanoTime() + ahead;
      }

      @Override
      public synchronized <E> E await(BlockingQueue<E> events, long until) {
        E event = events.poll();
        if (event == null) {
          ahead += Math.max(0, until - nanoTime());
        }
        return event;
      }
    };
  }

  @Test
  void serverErrorsPass() throws IOException {
    for (int status : new int[] {500, 502, 503, 504, 408}) {
      RemoteCallException failure =
          failure((exchange, request, number) -> ChatServer.send(exchange, status, "busy"));
      assertThat(failure.status()).hasValue(status);
      assertThat(failure.retryable()).isTrue();
    }
    Completion completion =
        afterTwo((exchange, request, number) -> ChatServer.send(exchange, 503, "busy"));
    assertThat(completion.text()).isEqualTo("well");
    assertThat(completion.usage().retries()).isEqualTo(2);
  }

  @Test
  void theCallersFaultsDoNotPass() throws IOException {
    for (int status : new int[] {400, 401, 403, 404, 413, 422}) {
      RemoteCallException failure =
          failure((exchange, request, number) -> ChatServer.send(exchange, status, "no"));
      assertThat(failure.status()).hasValue(status);
      assertThat(failure.retryable()).isFalse();
    }
  }

  @Test
  void redirectionsAreNotFollowed() throws IOException {
    RemoteCallException failure =
        failure(
            (exchange, request, number) -> {
              exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
              ChatServer.send(exchange, 307, "elsewhere");
            });

    assertThat(failure.status()).hasValue(307);
    assertThat(failure.retryable()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RetryAfterHttpClient.builder(HttpClient.newBuilder())
                    .followRedirects(HttpClient.Redirect.ALWAYS))
        .withMessageContaining("never be followed");
  }

  @Test
  void droppedConnectionsPass() throws IOException {
    RemoteCallException failure = failure((exchange, request, number) -> exchange.close());

    assertThat(failure.retryable()).isTrue();
    assertThat(failure.status()).isEmpty();
    assertThat(afterTwo(RemoteFaultsTest::cutOff).text()).isEqualTo("well");
  }

  /** Promises more than it sends. */
  private static void cutOff(HttpExchange exchange, JsonNode request, int number)
      throws IOException {
    byte[] body = ChatServer.completion("half", "stop").getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body, 0, body.length / 2);
    exchange.getResponseBody().flush();
  }

  @Test
  void anEndpointThatIsNotThereMayComeBack() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    LangChain4jModel model =
        LangChain4jModel.of(
                OpenAiChatModel.builder()
                    .baseUrl("http://localhost:" + free + "/v1")
                    .apiKey(KEY)
                    .modelName("small")
                    .maxRetries(0)
                    .build(),
                RemoteModelId.of("openai", "http://localhost:" + free + "/v1", "small"))
            .seeds(SeedPolicy.unsent())
            .build();
    RemoteCallException failure =
        catchThrowableOfType(RemoteCallException.class, () -> model.generate(PROMPT, OPTIONS));

    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void aReplyThatDoesNotComeTimesOutAndPasses() throws IOException {
    try (ChatServer server = failingTwice((exchange, request, number) -> Thread.sleep(20_000))) {
      Completion completion =
          model(server, Duration.ofSeconds(2)).retrying(QUICK).build().generate(PROMPT, OPTIONS);

      assertThat(completion.text()).isEqualTo("well");
      assertThat(completion.usage().retries()).isBetween(2L, 3L);
    }
  }

  @Test
  void aReplyThatDripsInIsGivenUp() throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (ChatServer server = failingTwice(RemoteFaultsTest::drip)) {
      Completion completion =
          model(server)
              .retrying(QUICK)
              .concurrently(threads, 2)
              .timeout(Duration.ofSeconds(2))
              .build()
              .generate(PROMPT, OPTIONS);

      assertThat(completion.text()).isEqualTo("well");
      assertThat(completion.usage().retries()).isBetween(2L, 3L);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void drip(HttpExchange exchange, JsonNode request, int number)
      throws IOException, InterruptedException {
    byte[] body = ChatServer.completion("slow", "stop").getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    for (byte part : body) {
      exchange.getResponseBody().write(part);
      exchange.getResponseBody().flush();
      Thread.sleep(100);
    }
  }

  @Test
  void whatCannotBeReadIsNotAskedForAgain() throws IOException {
    for (String body : List.of("{\"choices\": [", "<html>busy</html>", "[]", "\"text\"")) {
      try (ChatServer server =
          new ChatServer((exchange, request, number) -> ChatServer.send(exchange, 200, body))) {
        ModelExecutionException failure =
            catchThrowableOfType(
                ModelExecutionException.class,
                () -> model(server).retrying(QUICK).build().generate(PROMPT, OPTIONS));

        assertThat(failure).as(body).isExactlyInstanceOf(ModelExecutionException.class);
        assertThat(server.requests).as(body).hasSize(1);
      }
    }
  }

  @Test
  void anEndpointThatRepeatsTheKeyDoesNotMakeItShow() throws IOException {
    RemoteCallException failure =
        failure((exchange, request, number) -> ChatServer.send(exchange, 401, "wrong key: " + KEY));
    StringBuilder all = new StringBuilder();
    for (Throwable link = failure; link != null; link = link.getCause()) {
      all.append(link);
    }

    assertThat(all.toString()).contains("***").doesNotContain(KEY);
  }

  @Test
  void interruptionStopsACallUnderWay() throws Exception {
    try (ChatServer server = new ChatServer((exchange, request, number) -> Thread.sleep(20_000))) {
      List<Throwable> thrown = new ArrayList<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  model(server).build().generate(PROMPT, OPTIONS);
                } catch (RuntimeException e) {
                  thrown.add(e);
                }
              });
      caller.start();
      while (server.requests.isEmpty()) {
        Thread.sleep(10);
      }
      caller.interrupt();
      caller.join(10_000);

      assertThat(thrown).singleElement().isInstanceOf(CancelledException.class);
    }
  }
}
