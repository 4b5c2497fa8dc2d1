package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftRows;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MetricValues;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * Adds to an update what it minimises besides the loss of its completions: a bonus for entropy, and
 * texts learned beside them.
 *
 * @param objective says which inputs the graph reads
 * @param texts learned beside; null for none
 * @param coefficient weight of their mean loss
 */
record UpdateTerms(PolicyObjective objective, @Nullable RecurringTexts texts, double coefficient) {

  /**
   * An update with all its terms.
   *
   * @param batches micro-batches of completions, and of texts behind them
   * @param completions how many of them are of completions
   * @param completionTokens scored tokens of completions
   * @param textTokens scored tokens of texts
   */
  record Whole(List<MicroBatch> batches, int completions, long completionTokens, long textTokens) {

    /** The metrics as means over the tokens of their kind. */
    TrainingStep.Outcome told(TrainingStep.Outcome outcome) {
      if (textTokens == 0) {
        return outcome;
      }
      double all = (double) completionTokens + textTokens;
      Map<String, Double> metrics = new LinkedHashMap<>();
      outcome
          .metrics()
          .forEach(
              (name, mean) -> {
                boolean ofTexts = name.equals(PolicyObjective.TEXT_LOSS);
                metrics.put(name, mean * (all / (ofTexts ? textTokens : completionTokens)));
              });
      return new TrainingStep.Outcome(outcome.loss(), metrics, outcome.tokens());
    }

    /** Hears of completions alone. */
    MetricValues heard(MetricValues listener) {
      return (batch, name, values) -> {
        if (batch < completions) {
          listener.values(batch, name, values);
        }
      };
    }
  }

  /**
   * Adds the terms.
   *
   * @param update of completions
   * @param learned which tokens count
   * @param bonus weight of the entropy; null for none
   * @param at number of the update in the whole training, from 0
   */
  Whole of(
      PolicyBatches.Update update,
      PolicyAdvantages learned,
      @Nullable EntropyController bonus,
      long at) {
    List<MicroBatch> batches = new ArrayList<>();
    boolean rewarded = objective.entropy() == PolicyObjective.Entropy.REWARDED;
    double[][] weights =
        rewarded && bonus != null
            ? entropyWeights(learned, bonus.coefficient(), update.kept())
            : new double[0][];
    long completionTokens = 0;
    for (int i = 0; i < update.batches().size(); i++) {
      RolloutRows.Batch rows = update.rows().get(i);
      Map<String, FloatInput> inputs = new HashMap<>(update.batches().get(i).inputs());
      if (rewarded) {
        inputs.put(PolicyObjective.ENTROPY_WEIGHTS, PolicyBatches.vector(rows.gather(weights)));
      }
      if (texts != null) {
        float[] none = new float[rows.owners().length];
        inputs.put(PolicyObjective.TEXT_WEIGHTS, PolicyBatches.vector(none));
      }
      completionTokens += rows.owners().length;
      batches.add(rows.with(inputs));
    }
    int completions = batches.size();
    long textTokens = 0;
    if (texts != null) {
      List<SftExample> examples = texts.at(at);
      RowPlan plan = RowPlans.ofSequences(texts.texts());
      for (MicroBatch batch : SftRows.microBatches(examples, plan, coefficient)) {
        textTokens += batch.rows().length;
        batches.add(ofTexts(batch));
      }
    }
    return new Whole(batches, completions, completionTokens, textTokens);
  }

  /** {@code c/n} at the n tokens that the bonus is for. */
  private static double[][] entropyWeights(
      PolicyAdvantages learned, double coefficient, int[] kept) {
    CompletionMask mask = learned.advantages().mask();
    TokenValues selected = learned.selected();
    double[][] weights = new double[kept.length][];
    double count = 0;
    for (int i = 0; i < kept.length; i++) {
      int s = kept[i];
      weights[i] = new double[mask.length(s)];
      for (int t = 0; t < weights[i].length; t++) {
        boolean counts = mask.scored(s, t) && (selected == null || selected.get(s, t) > 0);
        weights[i][t] = counts ? 1 : 0;
        count += weights[i][t];
      }
    }
    double weight = coefficient / Math.max(1, count);
    for (double[] row : weights) {
      Arrays.setAll(row, t -> row[t] * weight);
    }
    return weights;
  }

  /** Tokens of texts, which are no completion and weigh nothing in the loss of those. */
  private MicroBatch ofTexts(MicroBatch batch) {
    int rows = batch.rows().length;
    Map<String, FloatInput> inputs = new HashMap<>();
    FloatInput none = PolicyBatches.vector(new float[rows]);
    for (String name :
        List.of(
            PolicyObjective.WEIGHTS,
            PolicyObjective.ADVANTAGES,
            PolicyObjective.REFERENCE,
            PolicyObjective.CORRECTIONS)) {
      inputs.put(name, none);
    }
    if (objective.old() == PolicyObjective.Old.GIVEN) {
      inputs.put(PolicyObjective.OLD, none);
    }
    if (objective.entropy() == PolicyObjective.Entropy.REWARDED) {
      inputs.put(PolicyObjective.ENTROPY_WEIGHTS, none);
    }
    float[] ones = new float[rows];
    Arrays.fill(ones, 1);
    inputs.put(PolicyObjective.MEMBERSHIP, new FloatInput(ones, 1, rows));
    inputs.put(PolicyObjective.LENGTHS, PolicyBatches.vector(new float[] {rows}));
    FloatInput weights = batch.inputs().get(SftRows.WEIGHTS);
    if (weights != null) {
      inputs.put(PolicyObjective.TEXT_WEIGHTS, weights);
    }
    return new MicroBatch(batch.tokens(), batch.rows(), batch.labels(), inputs);
  }
}
