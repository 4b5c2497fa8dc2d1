package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/** The updates of a reward model's run over rankings. */
record RankingRewardSource(List<RankingExample> examples, int places, RowPlan plan, Epochs epochs)
    implements MicroBatchSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    return RankingRows.rewardMicroBatches(
        epochs.batch(step).stream().map(examples::get).toList(), places, plan);
  }

  @Override
  public Map<String, String> description() {
    return new RankingSource(examples, RankingReference.none(), places, plan, epochs).description();
  }
}
