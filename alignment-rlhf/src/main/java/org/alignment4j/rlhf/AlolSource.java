package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;
import org.jspecify.annotations.Nullable;

/**
 * The updates of a run over rated answers. Every token of an answer weighs one over the answers of
 * the update. Only {@link #at} asks for the reference.
 *
 * @param examples of positive weight
 * @param weights what each weighs in the loss
 * @param reference null where the loss reads none
 */
record AlolSource(
    List<RatedExample> examples,
    double[] weights,
    @Nullable AlolReference reference,
    AlolSampling sampling,
    RowPlan plan,
    Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    List<Integer> batch = sampling.batch(epochs, weights, step);
    List<RolloutRows.Answer> answers =
        batch.stream().map(i -> AlolReference.answer(examples.get(i))).toList();
    double[][] reference = new double[batch.size()][];
    for (int i = 0; i < reference.length; i++) {
      reference[i] =
          this.reference == null
              ? new double[answers.get(i).completion().size()]
              : this.reference.of(batch.get(i));
    }
    List<MicroBatch> batches = new ArrayList<>();
    for (RolloutRows.Batch rows : RolloutRows.microBatches(answers, plan)) {
      batches.add(rows.with(inputs(rows, batch, reference)));
    }
    return batches;
  }

  private Map<String, FloatInput> inputs(
      RolloutRows.Batch rows, List<Integer> batch, double[][] reference) {
    int n = rows.answers().size();
    float[] lengths = new float[n];
    float[] advantages = new float[n];
    float[] rewards = new float[n];
    for (int i = 0; i < n; i++) {
      int example = batch.get(rows.answers().get(i));
      lengths[i] = examples.get(example).answer().size();
      advantages[i] = (float) weights[example];
      rewards[i] = (float) examples.get(example).reward();
    }
    float[] ones = new float[rows.owners().length];
    Arrays.fill(ones, 1);
    float[] shares = new float[ones.length];
    Arrays.fill(shares, 1f / batch.size());
    Map<String, FloatInput> inputs = new HashMap<>();
    inputs.put(AlolObjective.MEMBERSHIP, rows.membership());
    inputs.put(AlolObjective.LENGTHS, vector(lengths));
    inputs.put(AlolObjective.ADVANTAGES, vector(advantages));
    inputs.put(AlolObjective.REWARDS, vector(rewards));
    inputs.put(AlolObjective.REFERENCE, vector(rows.gather(reference)));
    inputs.put(AlolObjective.CORRECTIONS, vector(ones));
    inputs.put(AlolObjective.WEIGHTS, vector(shares));
    return inputs;
  }

  private static FloatInput vector(float[] values) {
    return new FloatInput(values, values.length);
  }

  @Override
  public Map<String, String> description() {
    String content = AlolReference.fingerprint(examples) + '\n' + Arrays.toString(weights);
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("sampling", sampling.name());
    description.put("data", ContentHash.of(content).toString());
    return description;
  }
}
