package org.alignment4j.rlhf.reward;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.core.calls.CallOptions;
import org.alignment4j.core.calls.RetryPolicy;

/** A server on the loopback interface whose replies a test scripts. */
final class RewardServer implements AutoCloseable {

  /** Writes the reply to a request whose body was read. */
  interface Reply {
    void to(HttpExchange exchange, String body) throws IOException, InterruptedException;
  }

  /** Retries without waiting. */
  static final CallOptions FAST =
      CallOptions.DEFAULT
          .withRetry(
              new RetryPolicy(
                  3, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0, Duration.ofSeconds(5)))
          .withTimeout(Duration.ofSeconds(20))
          .withGrace(Duration.ZERO);

  final List<String> bodies = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);

  RewardServer(Reply reply) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            bodies.add(body);
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            reply.to(exchange, body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** A server of a reward model. */
  static RewardServer of(RewardEndpoint endpoint) throws IOException {
    return new RewardServer(
        (exchange, body) -> {
          RewardEndpoint.Response response = endpoint.answer(body);
          send(exchange, response.status(), response.body());
        });
  }

  RemoteRewardModel model() {
    return RemoteRewardModel.of(uri("/get_reward")).withOptions(FAST);
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
