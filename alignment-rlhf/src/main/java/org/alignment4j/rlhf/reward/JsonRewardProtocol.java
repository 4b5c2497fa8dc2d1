package org.alignment4j.rlhf.reward;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.apiguardian.api.API;

/**
 * Rewards by JSON: a request is an object of lists, one element per answer, and constants; the
 * response has a list of rewards somewhere. Immutable and thread-safe.
 *
 * <pre>{@code
 * JsonRewardProtocol.openRlhf(); // {"query": [...], "prompts": [...]} -> {"rewards": [...]}
 * JsonRewardProtocol.empty()     // {"model": "rm", "input": [...]} -> {"data": [{"data": [0.5]}]}
 *     .constant("model", "rm")
 *     .field("input", JsonRewardProtocol::text)
 *     .rewardsAt("/data", "/data/0");
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JsonRewardProtocol implements RewardProtocol {

  private static final String EXTRA_LOGS = "extra_logs";

  /** Numbers that are no JSON are read, so that the reward that is one can be named. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Map<String, Function<? super PromptCompletion, String>> fields;
  private final Map<String, String> constants;
  private final JsonPointer list;
  private final JsonPointer element;

  private JsonRewardProtocol(
      Map<String, Function<? super PromptCompletion, String>> fields,
      Map<String, String> constants,
      JsonPointer list,
      JsonPointer element) {
    this.fields = ImmutableMap.copyOf(fields);
    this.constants = ImmutableMap.copyOf(constants);
    this.list = list;
    this.element = element;
  }

  /**
   * Returns a protocol whose requests have nothing and whose responses are {@code {"rewards":
   * […]}}.
   *
   * @return the protocol
   */
  public static JsonRewardProtocol empty() {
    return new JsonRewardProtocol(
        Map.of(), Map.of(), JsonPointer.compile("/rewards"), JsonPointer.empty());
  }

  /**
   * Returns the protocol of OpenRLHF's {@code serve_rm}: {@code query}, prompts with their answers,
   * and {@code prompts}; {@code rewards} and, if the server likes, {@code extra_logs} with further
   * lists of numbers, which become components. Prompts are text; give conversations a {@link
   * #field} that renders them.
   *
   * @return the protocol
   */
  public static JsonRewardProtocol openRlhf() {
    return empty()
        .field("query", JsonRewardProtocol::text)
        .field("prompts", answer -> promptText(answer.prompt()));
  }

  /**
   * Returns this protocol with one more list in requests, or another in its place.
   *
   * @param name name of the list
   * @param text its element for an answer
   * @return a new protocol
   */
  public JsonRewardProtocol field(String name, Function<? super PromptCompletion, String> text) {
    Objects.requireNonNull(text, "text");
    Map<String, Function<? super PromptCompletion, String>> more = new LinkedHashMap<>(fields);
    more.put(name, text);
    return new JsonRewardProtocol(more, constants, list, element);
  }

  /**
   * Returns this protocol with a text that every request has.
   *
   * @param name its name
   * @param value the text
   * @return a new protocol
   */
  public JsonRewardProtocol constant(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(constants);
    more.put(name, Objects.requireNonNull(value, "value"));
    return new JsonRewardProtocol(fields, more, list, element);
  }

  /**
   * Returns this protocol with another place of the rewards in a response.
   *
   * @param pointer of the list (RFC 6901), such as {@code /rewards}; empty for the whole response
   * @param each of the reward in an element of the list, such as {@code /score}; empty where the
   *     element is the reward
   * @return a new protocol
   * @throws IllegalArgumentException when one is no pointer
   */
  public JsonRewardProtocol rewardsAt(String pointer, String each) {
    return new JsonRewardProtocol(
        fields, constants, JsonPointer.compile(pointer), JsonPointer.compile(each));
  }

  /**
   * Returns prompt and answer as one text.
   *
   * @param answer an answer to a prompt of text
   * @return the prompt's text followed by the answer
   * @throws IllegalArgumentException when the prompt is no text
   */
  public static String text(PromptCompletion answer) {
    return promptText(answer.prompt()) + answer.completion();
  }

  private static String promptText(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    throw new IllegalArgumentException(
        "a prompt must be text to be sent but was "
            + (prompt instanceof Prompt.Chat
                ? "a conversation; render it with the template the remote model was trained on:"
                : "token ids; decode them:")
            + " remote.withProtocol(JsonRewardProtocol.openRlhf().field(\"query\", answer ->"
            + " …).field(\"prompts\", answer -> …))");
  }

  @Override
  public String request(List<PromptCompletion> answers) {
    ObjectNode body = JSON.createObjectNode();
    constants.forEach(body::put);
    fields.forEach(
        (name, text) -> {
          ArrayNode values = body.putArray(name);
          answers.forEach(answer -> values.add(text.apply(answer)));
        });
    return body.toString();
  }

  @Override
  public List<Reward> rewards(String body, int answers) {
    JsonNode response;
    try {
      response = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new ModelExecutionException(
          "a response must be JSON but is not: " + e.getOriginalMessage(), e);
    }
    JsonNode values = response.at(list);
    if (!values.isArray() || values.size() != answers) {
      throw new ModelExecutionException(
          "a response must have a list of %s rewards at '%s' but has %s"
              .formatted(
                  answers, list, values.isArray() ? values.size() + " there" : "no list there"));
    }
    JsonNode logs = response.path(EXTRA_LOGS);
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      double value = number(values.get(i).at(element), list + "/" + i + element);
      rewards.add(new Reward(value, components(logs, i, answers), OptionalDouble.empty()));
    }
    return rewards;
  }

  private static double number(JsonNode node, String place) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw new ModelExecutionException(
          "a reward must be a finite number but '%s' of the response is %s"
              .formatted(place, node.isMissingNode() ? "missing" : shortened(node.toString())));
    }
    return node.doubleValue();
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  /** Lists of finite numbers, one per answer; what else a server logs is left out. */
  private static Map<String, Double> components(JsonNode logs, int answer, int answers) {
    Map<String, Double> components = new LinkedHashMap<>();
    logs.fields()
        .forEachRemaining(
            log -> {
              JsonNode values = log.getValue();
              if (values.isArray() && values.size() == answers) {
                JsonNode own = values.get(answer);
                if (own.isNumber() && Double.isFinite(own.doubleValue())) {
                  components.put(log.getKey(), own.doubleValue());
                }
              }
            });
    return components;
  }

  /** Returns the names of what is sent and where rewards are read. */
  @Override
  public String toString() {
    return "json(%s, %s, %s, %s)".formatted(fields.keySet(), constants, list, element);
  }
}
