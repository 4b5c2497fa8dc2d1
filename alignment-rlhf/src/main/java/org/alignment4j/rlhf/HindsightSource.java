package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
 * @param forgetful hides past tokens
 */
record HindsightSource(
    SftSource chains, List<SftExample> texts, double weight, ForgetfulMask forgetful)
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
    SplittableRandom random = new SplittableRandom(chains.epochs().seed() ^ step);
    batches.replaceAll(batch -> forgetful.apply(batch, random));
    return batches;
  }

  private List<SftExample> beside(long step) {
    Epochs epochs = chains.epochs();
    return new RecurringTexts(texts, epochs.batchSize(), ~epochs.seed()).at(step - 1);
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(chains.description());
    if (!texts.isEmpty()) {
      SftSource mixed = new SftSource(texts, chains.plan(), chains.epochs());
      description.put("pretraining", String.valueOf(mixed.description().get("data")));
      description.put("pretrainingWeight", Double.toString(weight));
    }
    if (forgetful.most() > 0) {
      description.put("forgetful", Double.toString(forgetful.most()));
    }
    return description;
  }
}
