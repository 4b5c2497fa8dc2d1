package org.alignment4j.examples.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An OpenAI-compatible endpoint that debates and judges. What it says depends on the request alone;
 * how it says it, on a plan of faults that strike when a request comes for the first time.
 */
public final class DebateServer implements AutoCloseable {
  /** How an answer goes wrong. */
  public enum Fault {
    THROTTLED,
    SERVER_ERROR,
    SILENT,
    DROPPED,
    CUT_OFF,
    DRIPPING,
    MALFORMED,
    SLOW,
    NONE
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  final Set<Fault> struck = EnumSet.noneOf(Fault.class);
  final List<String> keys = new CopyOnWriteArrayList<>();
  final Map<String, List<Long>> arrivals = new ConcurrentHashMap<>();
  final Map<String, Integer> answers = new ConcurrentHashMap<>();
  final Set<String> throttled = ConcurrentHashMap.newKeySet();
  private final Function<String, Fault> plan;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  public DebateServer(Function<String, Fault> plan) throws IOException {
    this.plan = plan;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::handle);
    server.start();
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/v1";
  }

  public int requests() {
    return arrivals.values().stream().mapToInt(List::size).sum();
  }

  Set<String> where(Predicate<List<Long>> holds) {
    return arrivals.entrySet().stream()
        .filter(entry -> holds.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      List<Long> times = arrivals.computeIfAbsent(request, r -> new CopyOnWriteArrayList<>());
      times.add(System.nanoTime());
      Fault fault = times.size() == 1 ? plan.apply(request) : Fault.NONE;
      synchronized (struck) {
        struck.add(fault);
      }
      reply(exchange, request, fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reply(HttpExchange exchange, String request, Fault fault)
      throws IOException, InterruptedException {
    byte[] body = completion(request).getBytes(UTF_8);
    switch (fault) {
      case THROTTLED -> {
        throttled.add(request);
        exchange.getResponseHeaders().set("Retry-After", "1");
        exchange.sendResponseHeaders(429, -1);
      }
      case SERVER_ERROR -> exchange.sendResponseHeaders(503, -1);
      case SILENT -> Thread.sleep(20_000);
      case DROPPED -> exchange.close();
      case CUT_OFF -> {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, body.length / 2);
      }
      case DRIPPING -> {
        exchange.sendResponseHeaders(200, body.length);
        for (byte part : body) {
          exchange.getResponseBody().write(part);
          exchange.getResponseBody().flush();
          Thread.sleep(100);
        }
      }
      case MALFORMED -> send(exchange, "{\"choices\": [{".getBytes(UTF_8));
      case SLOW, NONE -> {
        if (fault == Fault.SLOW) {
          Thread.sleep(200);
        }
        answers.merge(request, 1, Integer::sum);
        send(exchange, body);
      }
    }
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String completion(String request) throws IOException {
    JsonNode asked = JSON.readTree(request);
    int hash = Math.floorMod(request.hashCode(), 1000);
    String last = asked.get("messages").get(asked.get("messages").size() - 1).toString();
    String said =
        last.contains("Which option is right?")
            ? "So it seems. [[" + (hash % 2 == 0 ? "A" : "B") + "]]"
            : "<thinking>plan " + hash + "</thinking><argument>Point " + hash + ".</argument>";
    ObjectNode reply = JSON.createObjectNode().put("id", "1").put("object", "chat.completion");
    ObjectNode choice = reply.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", said);
    reply
        .putObject("usage")
        .put("prompt_tokens", request.length())
        .put("completion_tokens", said.length())
        .put("total_tokens", request.length() + said.length());
    return reply.toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
