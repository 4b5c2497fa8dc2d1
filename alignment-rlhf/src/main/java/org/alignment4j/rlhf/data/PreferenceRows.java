package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Micro-batches of preference pairs. Both answers of a pair share one copy of the prompt, which
 * neither sees the other through, unless one is too long for that ({@link RowPlan}); several pairs
 * share a row. Answers are scored: the first token of both is predicted at the last position of the
 * prompt. Tokens of prompts are scored for a loss that needs them, before the preferred answer
 * where the answers have a copy each.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PreferenceRows {

  /** Input that sums scored tokens into preferred answers, {@code [pairs, rows]}. */
  public static final String CHOSEN_TOKENS = "chosen_tokens";

  /** Input that sums scored tokens into the other answers, {@code [pairs, rows]}. */
  public static final String REJECTED_TOKENS = "rejected_tokens";

  /** Input with the reference's log-probability of preferred answers, {@code [pairs]}. */
  public static final String REFERENCE_CHOSEN = "reference_chosen";

  /** Input with the reference's log-probability of the other answers, {@code [pairs]}. */
  public static final String REFERENCE_REJECTED = "reference_rejected";

  /** As {@link #CHOSEN_TOKENS}, of no more tokens than the shorter answer of the pair has. */
  public static final String SHARED_CHOSEN_TOKENS = "shared_chosen_tokens";

  /** As {@link #REJECTED_TOKENS}, of no more tokens than the shorter answer of the pair has. */
  public static final String SHARED_REJECTED_TOKENS = "shared_rejected_tokens";

  /** As {@link #REFERENCE_CHOSEN}, of no more tokens than the shorter answer of the pair has. */
  public static final String SHARED_REFERENCE_CHOSEN = "shared_reference_chosen";

  /** As {@link #REFERENCE_REJECTED}, of no more tokens than the shorter answer of the pair has. */
  public static final String SHARED_REFERENCE_REJECTED = "shared_reference_rejected";

  /** Input that sums scored tokens into prompts, {@code [pairs, rows]}. */
  public static final String PROMPT_TOKENS = "prompt_tokens";

  /** Input with the mean length of the update's preferred answers, {@code [pairs]}. */
  public static final String MEAN_ANSWER_LENGTHS = "mean_answer_lengths";

  /** Input with the mean length of the update's prompts without first tokens, {@code [pairs]}. */
  public static final String MEAN_PROMPT_LENGTHS = "mean_prompt_lengths";

  /** Input that numbers the pairs from 0, {@code [pairs]}. */
  public static final String ORDER = "pair_order";

  /** Input with the probability that the label is right, {@code [pairs]}. */
  public static final String PROBABILITIES = "label_probabilities";

  /** Input with the weight of each pair in the loss, {@code [pairs]}. */
  public static final String WEIGHTS = "pair_weights";

  /**
   * A pair with the log-probabilities of its answers under the reference.
   *
   * @param example the pair
   * @param chosen log-probability of the preferred answer
   * @param rejected log-probability of the other answer
   * @param sharedChosen that of the preferred answer's first tokens, as many as the shorter answer
   *     has; not a number where it is not known
   * @param sharedRejected that of the other answer's first tokens, as many
   */
  public record Pair(
      PreferenceExample example,
      double chosen,
      double rejected,
      double sharedChosen,
      double sharedRejected) {

    /**
     * Creates a pair for losses that do not need {@link PairInput#SHARED_TOKENS}.
     *
     * @param example the pair
     * @param chosen log-probability of the preferred answer
     * @param rejected log-probability of the other answer
     */
    public Pair(PreferenceExample example, double chosen, double rejected) {
      this(example, chosen, rejected, Double.NaN, Double.NaN);
    }
  }

  /**
   * A micro-batch and the pairs in it.
   *
   * @param batch the micro-batch
   * @param pairs indices among the pairs given, in the order of the inputs
   * @param owners whose answer each scored token belongs to: twice the place in {@code pairs}, plus
   *     one for the other answer; of a token of a prompt the place in {@code pairs}, less the
   *     number of pairs, which is negative
   */
  public record Batch(MicroBatch batch, List<Integer> pairs, int[] owners) {
    /** Copies the indices. */
    public Batch {
      pairs = List.copyOf(pairs);
      owners = owners.clone();
    }

    @Override
    public int[] owners() {
      return owners.clone();
    }
  }

  private PreferenceRows() {}

  /**
   * Lays out the pairs of one update for a loss with a reference. Every pair weighs one over the
   * number of them all.
   *
   * @param pairs at least one
   * @param plan how rows are filled; no pair may be longer than a row
   * @return micro-batches whose losses sum to the mean over all pairs
   * @throws IllegalArgumentException when a pair is longer than a row
   */
  public static List<Batch> microBatches(List<Pair> pairs, RowPlan plan) {
    return microBatches(pairs, plan, Set.of(PairInput.REFERENCE));
  }

  /**
   * Lays out the pairs of one update with the inputs that a loss needs. Every pair weighs one over
   * the number of them all.
   *
   * @param pairs at least one
   * @param plan how rows are filled; no pair may be longer than a row
   * @param needed what the micro-batches have besides the answers
   * @return micro-batches whose losses sum to the mean over all pairs; one for {@link
   *     PairInput#WHOLE_UPDATE}
   * @throws IllegalArgumentException when a pair is longer than a row, or the reference's
   *     log-probabilities of shared tokens are needed and not known
   */
  public static List<Batch> microBatches(List<Pair> pairs, RowPlan plan, Set<PairInput> needed) {
    int[] lengths = pairs.stream().mapToInt(p -> p.example().length(plan.sharedLength())).toArray();
    Update update =
        new Update(
            pairs.size(), UpdateLengths.of(pairs.stream().map(Pair::example).toList()), needed);
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    int together = needed.contains(PairInput.WHOLE_UPDATE) ? rows.size() : plan.rowsPerMicroBatch();
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += together) {
      List<List<Integer>> inside = rows.subList(from, Math.min(rows.size(), from + together));
      batches.add(batch(pairs, inside, update, plan.sharedLength()));
    }
    return batches;
  }

  /**
   * What all micro-batches of an update have in common.
   *
   * @param pairs how many there are
   * @param lengths their mean lengths
   * @param needed what there is besides the answers
   */
  record Update(int pairs, UpdateLengths lengths, Set<PairInput> needed) {}

  private static Batch batch(
      List<Pair> pairs, List<List<Integer>> rows, Update update, int sharedLength) {
    ScoredRows scored = new ScoredRows();
    List<Integer> order = new ArrayList<>();
    int count = rows.stream().mapToInt(List::size).sum();
    for (List<Integer> row : rows) {
      scored.newRow();
      for (int item : row) {
        PreferenceExample example = pairs.get(item).example();
        PromptCopies copies = new PromptCopies(scored, example.prompt(), sharedLength);
        int prompt = copies.before(example.chosen());
        if (update.needed().contains(PairInput.PROMPT_TOKENS)) {
          for (int t = 1; t < example.prompt().size(); t++) {
            scored.score(
                scored.column(prompt, t - 1), example.prompt().get(t), order.size() - count);
          }
        }
        int other = copies.before(example.rejected());
        answer(scored, example.chosen(), prompt, copies.last(prompt), 2 * order.size());
        answer(scored, example.rejected(), other, copies.last(other), 2 * order.size() + 1);
        order.add(item);
      }
    }
    PairInputs inputs =
        new PairInputs(order.stream().map(pairs::get).toList(), scored.sequences(), update);
    return new Batch(scored.toMicroBatch(inputs.values()), order, scored.sequences());
  }

  private static void answer(
      ScoredRows scored, TokenIds tokens, int prompt, int last, int sequence) {
    int place = scored.addContinuation(tokens, prompt);
    for (int t = 0; t < tokens.size(); t++) {
      int column = t == 0 ? last : scored.column(place, t - 1);
      scored.score(column, tokens.get(t), sequence);
    }
  }
}
