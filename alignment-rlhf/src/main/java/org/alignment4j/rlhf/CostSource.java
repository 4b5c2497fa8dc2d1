package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.CostRows;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a cost model's run. */
record CostSource(List<CostRows.Entry> entries, RowPlan plan, Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    return CostRows.microBatches(epochs.batch(step).stream().map(entries::get).toList(), plan);
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder();
    for (CostRows.Entry e : entries) {
      content.append(e.answers().prompt()).append(e.answers().answers());
      content.append(e.highUnsafe()).append(e.lowUnsafe()).append('\n');
    }
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    return description;
  }
}
