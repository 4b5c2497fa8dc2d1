package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Micro-batches of rankings. All answers to a prompt share one copy of it, through which none sees
 * another. Every prompt has the same number of places for answers.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RankingRows {

  /** Input that sums scored tokens into answers, {@code [prompts·places, rows]}. */
  public static final String ANSWER_TOKENS = "answer_tokens";

  /** Input with the reference's log-probability of each answer, {@code [prompts, places]}. */
  public static final String REFERENCE = "reference";

  /** Input with the tokens of each answer, 1 in empty places, {@code [prompts, places]}. */
  public static final String LENGTHS = "answer_lengths";

  /** Input with the score of each answer, {@code [prompts, places]}. */
  public static final String SCORES = "answer_scores";

  /** Input with 1 for an answer and 0 for an empty place, {@code [prompts, places]}. */
  public static final String PRESENT = "answers_present";

  /** Input with the weight of each prompt in the loss, {@code [prompts]}. */
  public static final String WEIGHTS = "prompt_weights";

  /**
   * Input with the prompts of the update over its pairs that are not tied, {@code [prompts]}: the
   * mean of sums over pairs times this is their mean over the pairs. 0 where there is no pair.
   */
  public static final String PAIR_SHARES = "pair_shares";

  /**
   * A ranking with the log-probabilities of its answers under the reference.
   *
   * @param example the ranking
   * @param reference log-probabilities of its answers, or empty where the loss needs none
   */
  public record Entry(RankingExample example, List<Double> reference) {
    /** Copies the log-probabilities. */
    public Entry {
      reference = List.copyOf(reference);
    }
  }

  private RankingRows() {}

  /**
   * Lays out the rankings of one update. Every prompt weighs one over the number of them all.
   *
   * @param entries at least one
   * @param places answers per prompt, at least as many as any has
   * @param plan how rows are filled; no prompt with its answers may be longer than a row
   * @return micro-batches whose losses sum to the mean over all prompts
   * @throws IllegalArgumentException when a prompt with its answers is longer than a row or has
   *     more answers than places
   */
  public static List<MicroBatch> microBatches(List<Entry> entries, int places, RowPlan plan) {
    List<Answers> prompts = entries.stream().map(e -> e.example().answers()).toList();
    return fill(entries, places, AnswerLayout.of(prompts, places, plan));
  }

  private static List<MicroBatch> fill(
      List<Entry> entries, int places, List<AnswerLayout> layouts) {
    int pairs = entries.stream().mapToInt(e -> e.example().pairs()).sum();
    float share = pairs == 0 ? 0 : (float) entries.size() / pairs;
    List<MicroBatch> batches = new ArrayList<>();
    for (AnswerLayout layout : layouts) {
      List<Entry> inside = layout.prompts().stream().map(entries::get).toList();
      Map<String, FloatInput> inputs = inputs(inside, places);
      inputs.put(ANSWER_TOKENS, layout.sums());
      inputs.put(WEIGHTS, filled(inside.size(), 1f / entries.size()));
      inputs.put(PAIR_SHARES, filled(inside.size(), share));
      batches.add(layout.toMicroBatch(inputs));
    }
    return batches;
  }

  /**
   * Lays out the rankings of one update for a head that gives a number for each answer.
   *
   * @param examples at least one
   * @param places answers per prompt, at least as many as any has
   * @param plan how rows are filled; no prompt with its answers may be longer than a row
   * @return micro-batches whose losses sum to the mean over all prompts
   * @throws IllegalArgumentException when a prompt with its answers is longer than a row or has
   *     more answers than places
   */
  public static List<MicroBatch> rewardMicroBatches(
      List<RankingExample> examples, int places, RowPlan plan) {
    List<Entry> entries = examples.stream().map(e -> new Entry(e, List.of())).toList();
    List<Answers> prompts = examples.stream().map(RankingExample::answers).toList();
    return fill(entries, places, AnswerLayout.ofLastTokens(prompts, places, plan));
  }

  private static FloatInput filled(int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return new FloatInput(values, n);
  }

  private static Map<String, FloatInput> inputs(List<Entry> entries, int places) {
    int n = entries.size();
    float[] reference = new float[n * places];
    float[] lengths = new float[n * places];
    float[] scores = new float[n * places];
    float[] present = new float[n * places];
    Arrays.fill(lengths, 1);
    for (int i = 0; i < n; i++) {
      RankingExample example = entries.get(i).example();
      for (int k = 0; k < example.scores().size(); k++) {
        int at = i * places + k;
        lengths[at] = example.answers().answers().get(k).size();
        scores[at] = example.scores().get(k).floatValue();
        present[at] = 1;
        if (!entries.get(i).reference().isEmpty()) {
          reference[at] = entries.get(i).reference().get(k).floatValue();
        }
      }
    }
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(REFERENCE, new FloatInput(reference, n, places));
    inputs.put(LENGTHS, new FloatInput(lengths, n, places));
    inputs.put(SCORES, new FloatInput(scores, n, places));
    inputs.put(PRESENT, new FloatInput(present, n, places));
    return inputs;
  }
}
