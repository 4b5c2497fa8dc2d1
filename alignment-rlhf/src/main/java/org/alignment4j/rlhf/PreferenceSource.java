package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/**
 * The updates of a preference run. Only {@link #at} asks for the reference, and only if the loss
 * needs it.
 *
 * @param inputs what the loss needs
 */
record PreferenceSource(
    List<PreferenceExample> examples,
    Reference reference,
    RowPlan plan,
    Epochs epochs,
    Set<PairInput> inputs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    return batches(step).stream().map(PreferenceRows.Batch::batch).toList();
  }

  /** The micro-batches of an update and whose tokens they score. */
  List<PreferenceRows.Batch> batches(long step) {
    List<PreferenceRows.Pair> pairs = new ArrayList<>();
    for (int i : epochs.batch(step)) {
      pairs.add(pair(i));
    }
    return PreferenceRows.microBatches(pairs, plan, inputs);
  }

  private PreferenceRows.Pair pair(int i) {
    if (!inputs.contains(PairInput.REFERENCE)) {
      return new PreferenceRows.Pair(examples.get(i), 0, 0);
    }
    return reference.logProbs().pair(i, examples.get(i));
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ReferenceCache.fingerprint(examples));
    return description;
  }
}
