package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a run over rankings. Only {@link #at} asks for the reference. */
record RankingSource(
    List<RankingExample> examples,
    RankingReference reference,
    int places,
    RowPlan plan,
    Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    List<RankingRows.Entry> entries =
        epochs.batch(step).stream()
            .map(i -> new RankingRows.Entry(examples.get(i), reference.of(i)))
            .toList();
    return RankingRows.microBatches(entries, places, plan);
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder();
    for (RankingExample e : examples) {
      content.append(e.index()).append(e.answers().prompt()).append(e.answers().answers());
      content.append(e.scores()).append('\n');
    }
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    return description;
  }
}
