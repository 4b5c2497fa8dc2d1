package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Rows of one micro-batch. All answers to a prompt that are not too long for it share one copy of
 * it, through which none sees another; several prompts share a row. Only answers are scored, all
 * their tokens or the last: the first token of each is predicted at the last position of its
 * prompt. Every prompt has the same number of slots, one per answer and perhaps some empty.
 * Immutable once built.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AnswerLayout {

  private final ScoredRows rows = new ScoredRows();
  private final List<Integer> prompts = new ArrayList<>();
  private final int slots;
  private final boolean lastOnly;
  private final int sharedLength;

  private AnswerLayout(int slots, boolean lastOnly, int sharedLength) {
    this.slots = slots;
    this.lastOnly = lastOnly;
    this.sharedLength = sharedLength;
  }

  /**
   * Lays out answers.
   *
   * @param prompts with at most {@code slots} answers each; at least one
   * @param slots answers per prompt, at least 1
   * @param plan how rows are filled; no prompt with its answers may be longer than a row
   * @return micro-batches that hold every prompt once
   * @throws IllegalArgumentException when a prompt with its answers is longer than a row, or it has
   *     more answers than slots
   */
  public static List<AnswerLayout> of(List<Answers> prompts, int slots, RowPlan plan) {
    return of(prompts, slots, plan, false);
  }

  /**
   * Lays out answers for a head that gives a number for each, read at its last token.
   *
   * @param prompts with at most {@code slots} answers each; at least one
   * @param slots answers per prompt, at least 1
   * @param plan how rows are filled; no prompt with its answers may be longer than a row
   * @return micro-batches that hold every prompt once and one scored token for each answer
   * @throws IllegalArgumentException when a prompt with its answers is longer than a row, or it has
   *     more answers than slots
   */
  public static List<AnswerLayout> ofLastTokens(List<Answers> prompts, int slots, RowPlan plan) {
    return of(prompts, slots, plan, true);
  }

  private static List<AnswerLayout> of(
      List<Answers> prompts, int slots, RowPlan plan, boolean lastOnly) {
    for (Answers prompt : prompts) {
      if (prompt.answers().size() > slots) {
        throw new IllegalArgumentException(
            "a prompt must have at most %s answers but one has %s"
                .formatted(slots, prompt.answers().size()));
      }
    }
    int[] lengths = prompts.stream().mapToInt(p -> p.length(plan.sharedLength())).toArray();
    List<List<Integer>> filled = Packing.bestFitDecreasing(lengths, plan.rowLength());
    List<AnswerLayout> layouts = new ArrayList<>();
    for (int from = 0; from < filled.size(); from += plan.rowsPerMicroBatch()) {
      AnswerLayout layout = new AnswerLayout(slots, lastOnly, plan.sharedLength());
      int to = Math.min(filled.size(), from + plan.rowsPerMicroBatch());
      filled.subList(from, to).forEach(row -> layout.addRow(row, prompts));
      layouts.add(layout);
    }
    return layouts;
  }

  private void addRow(List<Integer> items, List<Answers> all) {
    rows.newRow();
    for (int item : items) {
      Answers one = all.get(item);
      PromptCopies copies = new PromptCopies(rows, one.prompt(), sharedLength);
      for (int k = 0; k < one.answers().size(); k++) {
        int prompt = copies.before(one.answers().get(k));
        int slot = prompts.size() * slots + k;
        addAnswer(one.answers().get(k), prompt, copies.last(prompt), slot);
      }
      prompts.add(item);
    }
  }

  private void addAnswer(TokenIds tokens, int prompt, int last, int slot) {
    int place = rows.addContinuation(tokens, prompt);
    if (lastOnly) {
      rows.score(rows.column(place, tokens.size() - 1), 0, slot);
      return;
    }
    for (int t = 0; t < tokens.size(); t++) {
      int column = t == 0 ? last : rows.column(place, t - 1);
      rows.score(column, tokens.get(t), slot);
    }
  }

  /**
   * Returns the prompts in the order of their slots.
   *
   * @return indices among the prompts given
   */
  public List<Integer> prompts() {
    return List.copyOf(prompts);
  }

  /**
   * Returns whose each scored token is.
   *
   * @return place of the prompt in {@link #prompts()} times the slots, plus index of the answer
   */
  public int[] owners() {
    return rows.sequences();
  }

  /**
   * Returns a matrix that sums scored tokens into answers.
   *
   * @return ones and zeros, {@code [prompts·slots, rows]}
   */
  public FloatInput sums() {
    int[] owners = owners();
    int answers = prompts.size() * slots;
    float[] sums = new float[answers * owners.length];
    for (int i = 0; i < owners.length; i++) {
      sums[owners[i] * owners.length + i] = 1;
    }
    return new FloatInput(sums, answers, owners.length);
  }

  /**
   * Returns the micro-batch.
   *
   * @param inputs further inputs of an objective, by name
   * @return rows, labels and those inputs
   */
  public MicroBatch toMicroBatch(Map<String, FloatInput> inputs) {
    return rows.toMicroBatch(inputs);
  }
}
