package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/**
 * Micro-batches of good and bad answers: packed rows, in which both answers of a pair share a copy
 * of their prompt. A token of a good answer is scored once; one of a bad answer twice, with itself
 * and with the token it is contrasted with as labels.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CringeRows {

  /** Input that sums scored tokens into good answers, {@code [examples, rows]}. */
  public static final String GOOD = "good_tokens";

  /** Input that sums scored tokens into bad answers, {@code [examples, rows]}. */
  public static final String BAD = "bad_tokens";

  /** Input with 1 at a bad token and −1 at its contrast, {@code [contrasts, rows]}. */
  public static final String CONTRASTS = "contrasts";

  /** Input that sums contrasts into bad answers, {@code [examples, contrasts]}. */
  public static final String OWNERS = "contrast_owners";

  /** Input with the weight of every token of each example, {@code [examples]}. */
  public static final String WEIGHTS = "token_weights";

  /**
   * An example with what its bad answer is contrasted with.
   *
   * @param example the example
   * @param contrasts a token for each of the bad answer, none without one; shared and read-only
   */
  public record Entry(CringeExample example, int[] contrasts) {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException when there is not one for each token
     */
    public Entry {
      if (contrasts.length != example.badTokens()) {
        throw new IllegalArgumentException(
            "contrasts must be one for each of %s tokens of the bad answer but were %s"
                .formatted(example.badTokens(), contrasts.length));
      }
    }
  }

  private record Contrast(int example, int bad, int other) {}

  private final ScoredRows scored = new ScoredRows();
  private final List<Contrast> contrasts = new ArrayList<>();
  private final List<Integer> goodOwners = new ArrayList<>();
  private int examples;

  private CringeRows() {}

  /**
   * Lays out the examples of one update. Every token of every answer weighs one over the number of
   * them all.
   *
   * @param entries at least one
   * @param plan how rows are filled; no example may be longer than a row
   * @return micro-batches whose losses sum to the mean over all tokens
   * @throws IllegalArgumentException when an example is longer than a row
   */
  public static List<MicroBatch> microBatches(List<Entry> entries, RowPlan plan) {
    int[] lengths =
        entries.stream().mapToInt(e -> e.example().answers().length(plan.sharedLength())).toArray();
    long tokens =
        entries.stream().mapToLong(e -> e.example().goodTokens() + e.example().badTokens()).sum();
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    List<MicroBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += plan.rowsPerMicroBatch()) {
      CringeRows batch = new CringeRows();
      for (List<Integer> row :
          rows.subList(from, Math.min(rows.size(), from + plan.rowsPerMicroBatch()))) {
        batch.scored.newRow();
        row.forEach(item -> batch.add(entries.get(item), plan.sharedLength()));
      }
      batches.add(batch.toMicroBatch(1f / tokens));
    }
    return batches;
  }

  private void add(Entry entry, int sharedLength) {
    CringeExample example = entry.example();
    PromptCopies copies = new PromptCopies(scored, example.prompt(), sharedLength);
    TokenIds good = example.good();
    if (good != null) {
      int prompt = copies.before(good);
      int last = copies.last(prompt);
      int place = scored.addContinuation(good, prompt);
      for (int t = 0; t < good.size(); t++) {
        score(t == 0 ? last : scored.column(place, t - 1), good.get(t), examples);
      }
    }
    TokenIds bad = example.bad();
    if (bad != null) {
      int prompt = copies.before(bad);
      int last = copies.last(prompt);
      int place = scored.addContinuation(bad, prompt);
      for (int t = 0; t < bad.size(); t++) {
        int column = t == 0 ? last : scored.column(place, t - 1);
        int row = score(column, bad.get(t), -1);
        contrasts.add(new Contrast(examples, row, score(column, entry.contrasts()[t], -1)));
      }
    }
    examples++;
  }

  private int score(int column, int label, int goodOwner) {
    scored.score(column, label, examples);
    goodOwners.add(goodOwner);
    return goodOwners.size() - 1;
  }

  private MicroBatch toMicroBatch(float weight) {
    int rows = goodOwners.size();
    // a dimension of a graph's input is at least 1: without contrasts one that nobody owns
    int pairs = Math.max(1, contrasts.size());
    float[] good = new float[examples * rows];
    float[] bad = new float[examples * rows];
    float[] signs = new float[pairs * rows];
    float[] owners = new float[examples * pairs];
    for (int i = 0; i < rows; i++) {
      if (goodOwners.get(i) >= 0) {
        good[goodOwners.get(i) * rows + i] = 1;
      }
    }
    for (int c = 0; c < contrasts.size(); c++) {
      Contrast contrast = contrasts.get(c);
      bad[contrast.example() * rows + contrast.bad()] = 1;
      signs[c * rows + contrast.bad()] = 1;
      signs[c * rows + contrast.other()] = -1;
      owners[contrast.example() * pairs + c] = 1;
    }
    float[] weights = new float[examples];
    Arrays.fill(weights, weight);
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(GOOD, new FloatInput(good, examples, rows));
    inputs.put(BAD, new FloatInput(bad, examples, rows));
    inputs.put(CONTRASTS, new FloatInput(signs, pairs, rows));
    inputs.put(OWNERS, new FloatInput(owners, examples, pairs));
    inputs.put(WEIGHTS, new FloatInput(weights, examples));
    return scored.toMicroBatch(inputs);
  }
}
