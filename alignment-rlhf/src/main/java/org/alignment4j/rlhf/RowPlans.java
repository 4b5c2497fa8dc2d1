package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.JudgedSequence;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.runtime.architecture.DecoderConfig;

/**
 * Rows that hold every example. Attention costs the square of the row's length, so rows are no
 * longer than the longest example needs.
 */
final class RowPlans {

  private static final int SHORTEST_ROW = 128;
  private static final int TOKENS_PER_RUN = 2048;

  private RowPlans() {}

  static RowPlan ofPairs(List<PreferenceExample> examples, DecoderConfig config) {
    int shared = RowCosts.of(config).sharedLength();
    return of(examples.stream().mapToInt(e -> e.length(shared)).max().orElse(1), shared);
  }

  static RowPlan ofSequences(List<SftExample> examples) {
    return of(examples.stream().mapToInt(e -> e.ids().size()).max().orElse(1), Integer.MAX_VALUE);
  }

  static RowPlan ofAnswers(List<Answers> prompts, DecoderConfig config) {
    int shared = RowCosts.of(config).sharedLength();
    return of(prompts.stream().mapToInt(p -> p.length(shared)).max().orElse(1), shared);
  }

  static RowPlan ofJudged(List<JudgedSequence> sequences) {
    return of(sequences.stream().mapToInt(s -> s.ids().size()).max().orElse(1), Integer.MAX_VALUE);
  }

  /** For a loss that looks at all sequences of an update at once: one run holds them all. */
  static RowPlan ofWholeUpdates(List<JudgedSequence> sequences, int batchSize) {
    return new RowPlan(ofJudged(sequences).rowLength(), batchSize);
  }

  /**
   * For rows that hold two answers to a prompt, none of them given yet.
   *
   * @param sequence most tokens of a prompt with an answer
   * @param answer most tokens of an answer
   */
  static RowPlan ofTwoAnswers(int sequence, int answer, DecoderConfig config) {
    int shared = RowCosts.of(config).sharedLength();
    return of(sequence > shared ? 2 * sequence : sequence + answer, shared);
  }

  private static RowPlan of(int longest, int sharedLength) {
    int length = Math.max(SHORTEST_ROW, longest);
    return new RowPlan(length, Math.max(1, TOKENS_PER_RUN / length)).sharingUpTo(sharedLength);
  }

  /** What the order and layout of a run's data depend on, by name. */
  static Map<String, String> describe(RowPlan plan, Epochs epochs) {
    Map<String, String> description = new LinkedHashMap<>();
    description.put("seed", Long.toString(epochs.seed()));
    description.put("epochs", Integer.toString(epochs.epochs()));
    description.put("batchSize", Integer.toString(epochs.batchSize()));
    description.put("rowLength", Integer.toString(plan.rowLength()));
    description.put("rowsPerMicroBatch", Integer.toString(plan.rowsPerMicroBatch()));
    if (plan.sharedLength() < Integer.MAX_VALUE) {
      description.put("sharedLength", Integer.toString(plan.sharedLength()));
    }
    return description;
  }
}
