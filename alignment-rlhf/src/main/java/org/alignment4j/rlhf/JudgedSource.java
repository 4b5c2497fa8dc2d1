package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.JudgedRows;
import org.alignment4j.rlhf.data.JudgedSequence;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a run over judged sequences. */
record JudgedSource(List<JudgedSequence> sequences, RowPlan plan, Epochs epochs)
    implements MicroBatchSource {

  static JudgedSource of(List<JudgedSequence> sequences, FineTuningOptions o) {
    return new JudgedSource(
        sequences,
        RowPlans.ofJudged(sequences),
        new Epochs(sequences.size(), o.batchSize(), o.epochs(), o.seed()));
  }

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    return JudgedRows.microBatches(epochs.batch(step).stream().map(sequences::get).toList(), plan);
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder();
    for (JudgedSequence s : sequences) {
      content.append(s.index()).append(s.ids()).append(s.positions()).append(s.correctness());
      content.append('\n');
    }
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    return description;
  }
}
