package org.alignment4j.rlhf.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * The other side of {@link JsonRewardProtocol#openRlhf()}: answers requests from any reward model,
 * so that trainers such as OpenRLHF can use it. Text in, text out; the HTTP server is the caller's:
 *
 * <pre>{@code
 * RewardEndpoint endpoint = RewardEndpoint.of(model);
 * HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 5000), 0);
 * server.createContext("/get_reward", exchange -> {
 *   RewardEndpoint.Response response =
 *       endpoint.answer(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
 *   byte[] body = response.body().getBytes(UTF_8);
 *   exchange.getResponseHeaders().set("Content-Type", "application/json");
 *   exchange.sendResponseHeaders(response.status(), body.length);
 *   exchange.getResponseBody().write(body);
 *   exchange.close();
 * });
 * server.start();
 * }</pre>
 *
 * <p>A request has {@code query}, a list of texts of prompt and answer, and may have {@code
 * prompts}, of which each begins its query; without them the whole query is the answer to an empty
 * prompt. The response has {@code rewards}, the same as {@code scores}, and {@code extra_logs} with
 * the components that every reward has. Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardEndpoint {

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int SERVER_ERROR = 500;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final RewardModel model;

  private RewardEndpoint(RewardModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * What to send back.
   *
   * @param status the HTTP status: 200, 400 for a request that cannot be understood or does not fit
   *     the model, 500 where the model fails
   * @param body JSON; {@code {"error": …}} unless the status is 200
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Response(int status, String body) {
    /** Checks that nothing is missing. */
    public Response {
      Objects.requireNonNull(body, "body");
    }
  }

  /**
   * Returns an endpoint of a model.
   *
   * @param model what scores
   * @return the endpoint
   */
  public static RewardEndpoint of(RewardModel model) {
    return new RewardEndpoint(model);
  }

  /**
   * Answers a request.
   *
   * @param body the body of the request
   * @return what to send back; failures of the model too, whatever it throws
   */
  public Response answer(String body) {
    try {
      return new Response(OK, response(score(read(body))));
    } catch (IllegalArgumentException e) {
      return new Response(BAD_REQUEST, error(e));
    } catch (RuntimeException e) {
      return new Response(SERVER_ERROR, error(e));
    }
  }

  private List<Reward> score(List<PromptCompletion> answers) {
    List<Reward> rewards = model.score(answers, CancellationToken.none());
    if (rewards.size() != answers.size()) {
      throw new ModelExecutionException(
          "the reward model must score each of %s answers but scored %s"
              .formatted(answers.size(), rewards.size()));
    }
    return rewards;
  }

  private static List<PromptCompletion> read(String body) {
    JsonNode request;
    try {
      request = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a request must be JSON but is not: " + e.getOriginalMessage(), e);
    }
    List<String> queries = texts(request.path("query"), "query");
    JsonNode given = request.path("prompts");
    if (given.isMissingNode() || given.isNull()) {
      return queries.stream().map(q -> new PromptCompletion(Prompt.text(""), q)).toList();
    }
    List<String> prompts = texts(given, "prompts");
    if (prompts.size() != queries.size()) {
      throw new IllegalArgumentException(
          "prompts must be as many as the %s queries but are %s"
              .formatted(queries.size(), prompts.size()));
    }
    List<PromptCompletion> answers = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      if (!queries.get(i).startsWith(prompts.get(i))) {
        throw new IllegalArgumentException("query[%s] must begin with prompts[%s]".formatted(i, i));
      }
      answers.add(
          new PromptCompletion(
              Prompt.text(prompts.get(i)), queries.get(i).substring(prompts.get(i).length())));
    }
    return answers;
  }

  private static List<String> texts(JsonNode node, String name) {
    if (!node.isArray()) {
      throw new IllegalArgumentException(
          "a request must have a list of texts '%s' but has none".formatted(name));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : node) {
      if (!text.isTextual()) {
        throw new IllegalArgumentException(
            "%s[%s] must be a text but is %s".formatted(name, texts.size(), text.getNodeType()));
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  private static String response(List<Reward> rewards) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode values = body.putArray("rewards");
    ArrayNode scores = body.putArray("scores");
    Set<String> shared = new LinkedHashSet<>();
    if (!rewards.isEmpty()) {
      shared.addAll(rewards.get(0).components().keySet());
    }
    for (Reward reward : rewards) {
      values.add(reward.value());
      scores.add(reward.value());
      shared.retainAll(reward.components().keySet());
    }
    ObjectNode logs = body.putObject("extra_logs");
    for (String name : shared) {
      ArrayNode part = logs.putArray(name);
      rewards.forEach(reward -> part.add(reward.components().get(name)));
    }
    return body.toString();
  }

  private static String error(RuntimeException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    return JSON.createObjectNode().put("error", message).toString();
  }
}
