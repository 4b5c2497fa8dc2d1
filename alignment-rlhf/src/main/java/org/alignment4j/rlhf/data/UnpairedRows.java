package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.apiguardian.api.API;

/** Micro-batches of single answers: packed rows, scored at the tokens of the answers only. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UnpairedRows {

  /** Input that sums scored tokens into answers, {@code [examples, rows]}. */
  public static final String ANSWER_TOKENS = "answer_tokens";

  /** Input with the reference's log-probability of each answer, {@code [examples]}. */
  public static final String REFERENCE = "reference";

  /** Input with 1 for a good answer and 0 for a bad one, {@code [examples]}. */
  public static final String DESIRABLE = "desirable";

  /** Input with what rewards are compared with, {@code [1]}. */
  public static final String REFERENCE_POINT = "reference_point";

  /** Input with the weight of each example in the loss, {@code [examples]}. */
  public static final String WEIGHTS = "example_weights";

  /**
   * Input with 0 for a bad answer and, for a good one, the examples of the update over the good
   * ones among them, {@code [examples]}: the mean of a value times this is its mean over good
   * answers.
   */
  public static final String DESIRABLE_SHARES = "desirable_shares";

  /** As {@link #DESIRABLE_SHARES} for bad answers. */
  public static final String UNDESIRABLE_SHARES = "undesirable_shares";

  /**
   * An example with the log-probability of its answer under the reference.
   *
   * @param example the example
   * @param reference log-probability of its answer
   * @param weight what its loss is multiplied by, such as a ratio of densities
   */
  public record Entry(UnpairedExample example, double reference, double weight) {

    /**
     * An example of weight 1.
     *
     * @param example the example
     * @param reference log-probability of its answer
     */
    public Entry(UnpairedExample example, double reference) {
      this(example, reference, 1);
    }
  }

  private UnpairedRows() {}

  /**
   * Lays out the examples of one update. Every example weighs its weight over the number of them
   * all.
   *
   * @param entries at least one
   * @param referencePoint z₀ or δ of the whole update
   * @param plan how rows are filled; no example may be longer than a row
   * @return micro-batches whose losses sum to the mean of weighted losses over all examples
   * @throws IllegalArgumentException when an example is longer than a row
   */
  public static List<MicroBatch> microBatches(
      List<Entry> entries, double referencePoint, RowPlan plan) {
    long good = entries.stream().filter(e -> e.example().desirable()).count();
    float[] shares = {
      (float) entries.size() / Math.max(1, entries.size() - good),
      (float) entries.size() / Math.max(1, good)
    };
    List<Answers> answers = entries.stream().map(e -> e.example().answers()).toList();
    List<MicroBatch> batches = new ArrayList<>();
    for (AnswerLayout layout : AnswerLayout.of(answers, 1, plan)) {
      List<Entry> inside = layout.prompts().stream().map(entries::get).toList();
      Map<String, FloatInput> inputs = inputs(inside, entries.size(), shares);
      inputs.put(ANSWER_TOKENS, layout.sums());
      inputs.put(REFERENCE_POINT, new FloatInput(new float[] {(float) referencePoint}, 1));
      batches.add(layout.toMicroBatch(inputs));
    }
    return batches;
  }

  private static Map<String, FloatInput> inputs(List<Entry> entries, int total, float[] shares) {
    int n = entries.size();
    float[] reference = new float[n];
    float[] desirable = new float[n];
    float[] weights = new float[n];
    float[] good = new float[n];
    float[] bad = new float[n];
    for (int i = 0; i < n; i++) {
      boolean isGood = entries.get(i).example().desirable();
      reference[i] = (float) entries.get(i).reference();
      desirable[i] = isGood ? 1 : 0;
      weights[i] = (float) (entries.get(i).weight() / total);
      good[i] = isGood ? shares[1] : 0;
      bad[i] = isGood ? 0 : shares[0];
    }
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(REFERENCE, new FloatInput(reference, n));
    inputs.put(DESIRABLE, new FloatInput(desirable, n));
    inputs.put(WEIGHTS, new FloatInput(weights, n));
    inputs.put(DESIRABLE_SHARES, new FloatInput(good, n));
    inputs.put(UNDESIRABLE_SHARES, new FloatInput(bad, n));
    return inputs;
  }
}
