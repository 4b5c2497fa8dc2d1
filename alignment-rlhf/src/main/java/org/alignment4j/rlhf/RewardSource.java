package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RewardRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a reward model's run. */
record RewardSource(List<PreferenceExample> examples, RowPlan plan, Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    return RewardRows.microBatches(epochs.batch(step).stream().map(examples::get).toList(), plan);
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder(ReferenceCache.fingerprint(examples));
    examples.forEach(e -> content.append('\n').append(e.margin()));
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    return description;
  }
}
