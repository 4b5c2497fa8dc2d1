package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a preference run. Only {@link #at} asks for the reference. */
record PreferenceSource(
    List<PreferenceExample> examples, Reference reference, RowPlan plan, Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    AnswerLogProbs frozen = reference.logProbs();
    List<PreferenceRows.Pair> pairs = new ArrayList<>();
    for (int i : epochs.batch(step)) {
      pairs.add(new PreferenceRows.Pair(examples.get(i), frozen.chosen()[i], frozen.rejected()[i]));
    }
    return PreferenceRows.microBatches(pairs, plan).stream()
        .map(PreferenceRows.Batch::batch)
        .toList();
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ReferenceCache.fingerprint(examples));
    return description;
  }
}
