package org.alignment4j.pocket.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.UnpairedLabel;
import org.jspecify.annotations.Nullable;

/** Rows of feedback in the fields that the readers of alignment data know. */
final class FeedbackRows {
  private static final String PROMPT = "prompt";

  private FeedbackRows() {}

  static Map<String, Object> preference(PreferencePair pair) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(PROMPT, conversation(pair.prompt()));
    row.put("chosen", answer(pair.chosen()));
    row.put("rejected", answer(pair.rejected()));
    if (pair.probability() != 1) {
      row.put("probability", pair.probability());
    }
    pair.margin().ifPresent(margin -> row.put("margin", margin));
    if (pair.annotator() != null) {
      row.put("annotator", pair.annotator());
    }
    return row;
  }

  static Map<String, Object> label(UnpairedLabel label) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(PROMPT, conversation(label.prompt()));
    row.put("completion", answer(label.completion()));
    row.put("label", label.desirable());
    return row;
  }

  static Map<String, Object> ranking(Ranking ranking) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(PROMPT, conversation(ranking.prompt()));
    row.put("responses", ranking.responses());
    row.put("scores", ranking.scores());
    return row;
  }

  static Map<String, Object> solution(StepLabels labels) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(PROMPT, conversation(labels.solution().prompt()));
    row.put("completions", labels.solution().steps());
    row.put("labels", labels.correctness().stream().map(FeedbackRows::orNull).toList());
    return row;
  }

  private static @Nullable Double orNull(OptionalDouble label) {
    return label.isPresent() ? label.getAsDouble() : null;
  }

  private static List<Map<String, String>> conversation(Prompt prompt) {
    if (prompt instanceof Prompt.Chat chat) {
      return chat.messages().stream().map(FeedbackRows::message).toList();
    }
    throw new IllegalArgumentException("prompt must be a conversation but was " + prompt);
  }

  private static List<Map<String, String>> answer(String text) {
    return List.of(message(Message.assistant(text)));
  }

  private static Map<String, String> message(Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("role", message.role().label());
    fields.put("content", message.content());
    return fields;
  }
}
