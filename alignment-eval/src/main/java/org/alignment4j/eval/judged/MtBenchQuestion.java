package org.alignment4j.eval.judged;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Row;

/**
 * A question of MT-Bench.
 *
 * @param id its number
 * @param category one of eight
 * @param turns what the user says, twice
 * @param reference right answers to both turns; empty when there are none
 */
record MtBenchQuestion(String id, String category, List<String> turns, List<String> reference) {
  static final int TURNS = 2;

  static final String CATEGORY = "category";
  private static final String SECOND_TURN = "turn 2";
  private static final String REFERENCE = "reference ";

  /** Temperatures of the answers (FastChat, llm_judge). */
  private static final Map<String, Double> TEMPERATURES =
      Map.of(
          "writing", 0.7,
          "roleplay", 0.7,
          "extraction", 0.0,
          "math", 0.0,
          "coding", 0.0,
          "reasoning", 0.0,
          "stem", 0.1,
          "humanities", 0.1);

  /** Categories whose answers are right or wrong, judged beside a reference. */
  private static final Set<String> WITH_REFERENCE = Set.of("math", "reasoning", "coding");

  static MtBenchQuestion of(Row row) {
    String category = row.text(CATEGORY);
    if (!TEMPERATURES.containsKey(category)) {
      throw row.fault(
          CATEGORY,
          "the category must be one of "
              + TEMPERATURES.keySet().stream().sorted().toList()
              + " but was '"
              + category
              + "'");
    }
    return new MtBenchQuestion(
        id(row),
        category,
        turns(row, "turns"),
        row.has("reference") ? turns(row, "reference") : List.of());
  }

  static String id(Row row) {
    return row.isString("question_id")
        ? row.text("question_id")
        : Long.toString(row.integer("question_id"));
  }

  static List<String> turns(Row row, String field) {
    List<String> turns = row.strings(field);
    if (turns.size() != TURNS) {
      throw row.fault(field, "there must be two turns but were " + turns.size());
    }
    return turns;
  }

  static double temperature(Sample sample) {
    return TEMPERATURES.getOrDefault(sample.metadata().getOrDefault(CATEGORY, ""), 0.0);
  }

  /** Whether it is to be judged beside a reference. */
  boolean needsReference() {
    return WITH_REFERENCE.contains(category);
  }

  /** The sample; it has the reference that is judged with, and no other. */
  Sample sample(List<String> judgedWith) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(CATEGORY, category);
    metadata.put(SECOND_TURN, turns.get(1));
    for (int turn = 0; turn < judgedWith.size(); turn++) {
      metadata.put(REFERENCE + (turn + 1), judgedWith.get(turn));
    }
    return new Sample(
        id, Prompt.chat(Message.user(turns.get(0))), List.of(), List.of(), id, metadata);
  }

  static String turn(Sample sample, int turn) {
    return turn == 0
        ? ((Prompt.Chat) sample.prompt()).last().content()
        : sample.metadata().getOrDefault(SECOND_TURN, "");
  }

  /** The references of a sample; empty when it is judged without. */
  static List<String> references(Sample sample) {
    return sample.metadata().containsKey(REFERENCE + 1)
        ? List.of(
            sample.metadata().getOrDefault(REFERENCE + 1, ""),
            sample.metadata().getOrDefault(REFERENCE + 2, ""))
        : List.of();
  }
}
