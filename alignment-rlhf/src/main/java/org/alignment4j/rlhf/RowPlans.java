package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.JudgedSequence;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;

/**
 * Rows that hold every example. Attention costs the square of the row's length, so rows are no
 * longer than the longest example needs.
 */
final class RowPlans {

  private static final int SHORTEST_ROW = 128;
  private static final int TOKENS_PER_RUN = 2048;

  private RowPlans() {}

  static RowPlan ofPairs(List<PreferenceExample> examples) {
    return of(examples.stream().mapToInt(PreferenceExample::length).max().orElse(1));
  }

  static RowPlan ofSequences(List<SftExample> examples) {
    return of(examples.stream().mapToInt(e -> e.ids().size()).max().orElse(1));
  }

  static RowPlan ofAnswers(List<Answers> prompts) {
    return of(prompts.stream().mapToInt(Answers::length).max().orElse(1));
  }

  static RowPlan ofJudged(List<JudgedSequence> sequences) {
    return of(sequences.stream().mapToInt(s -> s.ids().size()).max().orElse(1));
  }

  /** For rows that hold sequences of a length. */
  static RowPlan ofLength(int longest) {
    return of(longest);
  }

  private static RowPlan of(int longest) {
    int length = Math.max(SHORTEST_ROW, longest);
    return new RowPlan(length, Math.max(1, TOKENS_PER_RUN / length));
  }

  /** What the order and layout of a run's data depend on, by name. */
  static Map<String, String> describe(RowPlan plan, Epochs epochs) {
    return Map.of(
        "seed", Long.toString(epochs.seed()),
        "epochs", Integer.toString(epochs.epochs()),
        "batchSize", Integer.toString(epochs.batchSize()),
        "rowLength", Integer.toString(plan.rowLength()),
        "rowsPerMicroBatch", Integer.toString(plan.rowsPerMicroBatch()));
  }
}
