package org.alignment4j.langchain4j;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An OpenAI-compatible server on the loopback interface whose replies a test scripts. */
final class ChatServer implements AutoCloseable {

  /** Writes the reply to a request. */
  interface Reply {
    void to(HttpExchange exchange, JsonNode request, int number)
        throws IOException, InterruptedException;
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  ChatServer(Reply reply) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            int number;
            synchronized (requests) {
              requests.add(request);
              number = requests.size();
            }
            reply.to(exchange, request, number);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/v1";
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static String completion(String text, String finishReason) {
    ObjectNode reply = JSON.createObjectNode().put("id", "1").put("object", "chat.completion");
    ObjectNode choice = reply.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", finishReason);
    choice.putObject("message").put("role", "assistant").put("content", text);
    reply
        .putObject("usage")
        .put("prompt_tokens", 21)
        .put("completion_tokens", 9)
        .put("total_tokens", 30);
    return reply.toString();
  }

  static void answer(HttpExchange exchange, String text) throws IOException {
    send(exchange, 200, completion(text, "stop"));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
