package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Micro-batches of sampled answers. Answers to one prompt share a copy of it where a row has room,
 * and do not see each other. Every token of an answer is scored, its end token included: the first
 * at the last position of the prompt.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RolloutRows {

  /**
   * An answer.
   *
   * @param prompt at least one token
   * @param completion at least one token
   */
  public record Answer(TokenIds prompt, TokenIds completion) {

    /**
     * Checks the tokens.
     *
     * @throws IllegalArgumentException when one of them is empty
     */
    public Answer {
      if (prompt.isEmpty() || completion.isEmpty()) {
        throw new IllegalArgumentException(
            "prompt and completion must have at least one token but have "
                + prompt.size()
                + " and "
                + completion.size());
      }
    }

    int length() {
      return prompt.size() + completion.size();
    }
  }

  /**
   * A micro-batch and the answers in it. Arrays are shared and read-only.
   *
   * @param batch without inputs of an objective
   * @param answers indices among the answers given
   * @param owners which of {@code answers} each scored token belongs to, {@code [rows]}
   * @param positions place of each scored token in its answer, {@code [rows]}
   */
  public record Batch(MicroBatch batch, List<Integer> answers, int[] owners, int[] positions) {

    /** Copies the indices. */
    public Batch {
      answers = List.copyOf(answers);
    }

    /**
     * Takes the values of the scored tokens.
     *
     * @param values by answer and token
     * @return {@code [rows]}
     */
    public float[] gather(double[][] values) {
      float[] rows = new float[owners.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) values[answers.get(owners[i])][positions[i]];
      }
      return rows;
    }

    /**
     * Puts values of scored tokens where they belong.
     *
     * @param rows {@code [rows]}
     * @param values by answer and token
     */
    public void scatter(float[] rows, double[][] values) {
      for (int i = 0; i < rows.length; i++) {
        values[answers.get(owners[i])][positions[i]] = rows[i];
      }
    }

    /** Which answer each scored token belongs to, {@code [answers, rows]} of zeros and ones. */
    public FloatInput membership() {
      float[] matrix = new float[answers.size() * owners.length];
      for (int i = 0; i < owners.length; i++) {
        matrix[owners[i] * owners.length + i] = 1;
      }
      return new FloatInput(matrix, answers.size(), owners.length);
    }

    /**
     * The micro-batch with inputs of an objective.
     *
     * @param inputs by name
     * @return the same tokens with these inputs
     */
    public MicroBatch with(Map<String, FloatInput> inputs) {
      return new MicroBatch(batch.tokens(), batch.rows(), batch.labels(), inputs);
    }
  }

  /** Label of a position that is read for something else. */
  static final int NO_LABEL = 0;

  /** Most tokens of a run, unless one answer alone has more. */
  private static final int TOKENS_PER_RUN = 2048;

  /** Most bytes that a run keeps of attention, unless one answer alone takes more. */
  private static final double BYTES_PER_RUN = 1.5 * (1 << 30);

  private static final int LENGTH_STEP = 64;

  private RolloutRows() {}

  /**
   * Chooses rows for answers: those in which they cost least. The choice depends on the lengths of
   * the answers and their prompts, and on the costs, alone.
   *
   * @param answers at least one
   * @param costs what a position and a pair of them cost
   * @return rows that hold the longest answer, and otherwise no more than 2048 tokens a run
   */
  public static RowPlan plan(List<Answer> answers, RowCosts costs) {
    int longest = answers.stream().mapToInt(Answer::length).max().orElse(1);
    RowPlan best = null;
    double least = Double.POSITIVE_INFINITY;
    int limit = Math.max(longest, TOKENS_PER_RUN);
    for (int length = longest;
        length <= limit && (best == null || costs.bytes(1, length) <= BYTES_PER_RUN);
        length += LENGTH_STEP - length % LENGTH_STEP) {
      int rows = Math.max(1, TOKENS_PER_RUN / length);
      while (rows > 1 && costs.bytes(rows, length) > BYTES_PER_RUN) {
        rows--;
      }
      RowPlan plan = new RowPlan(length, rows, costs.sharedLength());
      double cost = RolloutLayout.of(answers, plan).cost(costs);
      if (cost < least) {
        least = cost;
        best = plan;
      }
    }
    return Objects.requireNonNull(best);
  }

  /**
   * Lays out answers.
   *
   * @param answers at least one
   * @param plan how rows are filled; no answer with its prompt may be longer than a row
   * @return micro-batches that hold every answer once
   * @throws IllegalArgumentException when an answer is longer than a row
   */
  public static List<Batch> microBatches(List<Answer> answers, RowPlan plan) {
    return microBatches(answers, lengths(answers), plan);
  }

  /**
   * Lays out answers of which some have the position of their last token read too: what a critic
   * says of the state behind it.
   *
   * @param answers at least one
   * @param steps how many positions of each answer are read: as many as it has tokens, or one more,
   *     whose label means nothing
   * @param plan how rows are filled; no answer with its prompt may be longer than a row
   * @return micro-batches that hold every answer once
   * @throws IllegalArgumentException when an answer is longer than a row, or more is to be read of
   *     it than its own positions
   */
  public static List<Batch> microBatches(List<Answer> answers, int[] steps, RowPlan plan) {
    requireOwn(answers, steps);
    return RolloutLayout.of(answers, plan).runs().stream()
        .map(rows -> batch(answers, steps, rows))
        .toList();
  }

  /**
   * Lays out answers where they cost least: in rows, or behind shared prefixes.
   *
   * @param answers at least one
   * @param steps how many positions of each answer are read, as above
   * @param costs what a run costs
   * @return micro-batches that hold every answer once; they depend on the arguments alone
   * @throws IllegalArgumentException when more is to be read of an answer than its own positions
   */
  public static List<Batch> microBatches(List<Answer> answers, int[] steps, RowCosts costs) {
    requireOwn(answers, steps);
    RowPlan plan = plan(answers, costs);
    if (costs.sharedPrefixes()) {
      PromptRuns runs = new PromptRuns(answers, costs);
      if (runs.cost() < RolloutLayout.of(answers, plan).cost(costs)) {
        return runs.batches(steps);
      }
    }
    return microBatches(answers, steps, plan);
  }

  /**
   * Lays out answers where they cost least, every token of theirs scored.
   *
   * @param answers at least one
   * @param costs what a run costs
   * @return micro-batches that hold every answer once; they depend on the arguments alone
   */
  public static List<Batch> microBatches(List<Answer> answers, RowCosts costs) {
    return microBatches(answers, lengths(answers), costs);
  }

  /** What lies behind the state after the last token of an answer is another answer's. */
  private static void requireOwn(List<Answer> answers, int[] steps) {
    for (int i = 0; i < steps.length; i++) {
      int tokens = answers.get(i).completion().size();
      if (steps[i] > tokens + 1) {
        throw new IllegalArgumentException(
            "steps of answer %s must be at most its tokens and one more, %s, but were %s"
                .formatted(i, tokens + 1, steps[i]));
      }
    }
  }

  private static int[] lengths(List<Answer> answers) {
    return answers.stream().mapToInt(a -> a.completion().size()).toArray();
  }

  private static Batch batch(
      List<Answer> answers, int[] steps, List<List<RolloutLayout.Item>> rows) {
    ScoredRows scored = new ScoredRows();
    List<Integer> inside = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (List<RolloutLayout.Item> row : rows) {
      scored.newRow();
      for (RolloutLayout.Item item : row) {
        TokenIds prompt = answers.get(item.answers().get(0)).prompt();
        int start = scored.add(prompt);
        int last = scored.column(start, prompt.size() - 1);
        for (int answer : item.answers()) {
          TokenIds tokens = answers.get(answer).completion();
          int place = scored.addContinuation(tokens, start);
          for (int t = 0; t < steps[answer]; t++) {
            int column = t == 0 ? last : scored.column(place, t - 1);
            int label = t < tokens.size() ? tokens.get(t) : NO_LABEL;
            scored.score(column, label, inside.size());
            positions.add(t);
          }
          inside.add(answer);
        }
      }
    }
    return new Batch(
        scored.toMicroBatch(Map.of()),
        inside,
        scored.sequences(),
        positions.stream().mapToInt(Objects::requireNonNull).toArray());
  }
}
