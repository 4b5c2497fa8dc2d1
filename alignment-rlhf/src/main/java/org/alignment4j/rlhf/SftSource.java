package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftRows;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a supervised run. */
record SftSource(List<SftExample> examples, RowPlan plan, Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    return SftRows.microBatches(epochs.batch(step).stream().map(examples::get).toList(), plan);
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder();
    for (SftExample e : examples) {
      content.append(e.index()).append(e.ids()).append(e.learnt()).append('\n');
    }
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    return description;
  }
}
