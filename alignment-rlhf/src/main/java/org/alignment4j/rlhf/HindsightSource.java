package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftRows;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/**
 * The updates of a run over chains of hindsight, each with as many texts of pretraining beside it.
 *
 * @param chains what is learned
 * @param texts of pretraining, as often as needed; empty for none
 * @param weight of the texts in the loss
 */
record HindsightSource(SftSource chains, List<SftExample> texts, double weight)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return chains.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    List<MicroBatch> batches = new ArrayList<>(chains.at(step));
    if (!texts.isEmpty()) {
      RowPlan plan = chains.plan();
      batches.addAll(SftRows.microBatches(beside(step), plan, weight));
    }
    return batches;
  }

  /** Texts in orders of their own epochs, one after the other. */
  private List<SftExample> beside(long step) {
    int count = chains.epochs().batchSize();
    long from = (step - 1) * count;
    int passes = Math.toIntExact((from + count - 1) / texts.size() + 1);
    Epochs order = new Epochs(texts.size(), 1, passes, ~chains.epochs().seed());
    List<SftExample> some = new ArrayList<>();
    for (long place = from; place < from + count; place++) {
      some.add(texts.get(order.batch(place + 1).get(0)));
    }
    return some;
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(chains.description());
    if (!texts.isEmpty()) {
      SftSource mixed = new SftSource(texts, chains.plan(), chains.epochs());
      description.put("pretraining", String.valueOf(mixed.description().get("data")));
      description.put("pretrainingWeight", Double.toString(weight));
    }
    return description;
  }
}
