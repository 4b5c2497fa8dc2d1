package org.alignment4j.rlhf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.files.AtomicFiles;
import org.jspecify.annotations.Nullable;

/**
 * The answers of an iteration with their rewards in a file, written whole or not at all, so that a
 * run that goes on learns from the same ones. The folder must be owned by the run.
 *
 * @param file where they lie
 * @param prompts all prompts of the run
 * @param tokens theirs
 */
record RaftJournal(Path file, List<Prompt> prompts, List<TokenIds> tokens) {

  private static final String FORMAT = "alignment4j-sampled-answers";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What is written.
   *
   * @param answers with their rewards
   * @param state what reward functions remember of these and earlier ones
   */
  record Kept(RaftAnswers answers, Map<String, String> state) {}

  /**
   * The answers, if they were written.
   *
   * @throws RunFolderException when the file is damaged or of another version
   */
  Optional<Kept> read() {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw damaged(e);
    } catch (IOException e) {
      throw new RunFolderException(
          "could not read " + file + ": " + AtomicFiles.reason(e) + "; make it readable", e);
    }
    if (!root.path("format").asText().equals(FORMAT) || root.path("version").asInt() != VERSION) {
      throw new RunFolderException(
          "%s must have format %s version %s but has %s version %s; use the release that wrote it"
              .formatted(
                  file,
                  FORMAT,
                  VERSION,
                  root.path("format").asText(),
                  root.path("version").asText()));
    }
    try {
      return Optional.of(new Kept(answers(root), state(root)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
      throw damaged(e);
    }
  }

  private RunFolderException damaged(Exception e) {
    return new RunFolderException(
        file + " must hold sampled answers but is damaged: " + e.getMessage() + "; delete it", e);
  }

  private RaftAnswers answers(JsonNode root) {
    List<Rollout> rollouts = new ArrayList<>();
    List<@Nullable Double> rewards = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (JsonNode answer : root.required("answers")) {
      int prompt = answer.required("prompt").intValue();
      rollouts.add(
          new Rollout(
              prompt,
              answer.required("sample").intValue(),
              prompts.get(prompt),
              tokens.get(prompt),
              answer.required("text").textValue(),
              TokenIds.of(
                  StreamSupport.stream(answer.required("tokens").spliterator(), false)
                      .mapToInt(JsonNode::intValue)
                      .toArray()),
              answer.required("truncated").booleanValue()));
      JsonNode reward = answer.required("reward");
      rewards.add(reward.isNull() ? null : (Double) reward.doubleValue());
      if (answer.has("log_ratio")) {
        ratios.add(answer.get("log_ratio").doubleValue());
      }
    }
    if (!ratios.isEmpty() && ratios.size() != rollouts.size()) {
      throw new IllegalArgumentException("log_ratio is there for some answers only");
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    root.required("metrics")
        .fields()
        .forEachRemaining(entry -> metrics.put(entry.getKey(), entry.getValue().doubleValue()));
    return new RaftAnswers(rollouts, rewards, ratios, metrics);
  }

  private static Map<String, String> state(JsonNode root) {
    Map<String, String> state = new LinkedHashMap<>();
    root.path("reward_state")
        .fields()
        .forEachRemaining(entry -> state.put(entry.getKey(), entry.getValue().textValue()));
    return state;
  }

  void write(Kept kept) {
    RaftAnswers answers = kept.answers();
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION);
    ObjectNode metrics = root.putObject("metrics");
    answers.metrics().forEach((name, value) -> metrics.put(name, value));
    if (!kept.state().isEmpty()) {
      ObjectNode state = root.putObject("reward_state");
      new TreeMap<>(kept.state()).forEach(state::put);
    }
    ArrayNode list = root.putArray("answers");
    for (int i = 0; i < answers.rollouts().size(); i++) {
      Rollout rollout = answers.rollouts().get(i);
      ObjectNode answer = list.addObject();
      answer.put("prompt", rollout.prompt()).put("sample", rollout.sample());
      answer.put("text", rollout.text()).put("truncated", rollout.truncated());
      answer.put("reward", answers.rewards().get(i));
      if (!answers.logRatios().isEmpty()) {
        answer.put("log_ratio", answers.logRatios().get(i));
      }
      ArrayNode ids = answer.putArray("tokens");
      rollout.tokens().stream().forEach(ids::add);
    }
    AtomicFiles.write(file, root.toString());
  }
}
