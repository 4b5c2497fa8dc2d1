package org.alignment4j.rlhf;

import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.train.MicroBatch;

/** What a network says of completions, token by token. */
final class RolloutOutputs {

  private RolloutOutputs() {}

  /**
   * Runs a network over completions.
   *
   * @param steps how many positions of each are read, as in {@link RolloutRows}
   * @param costs what rows of tokens cost the network
   * @param outputs gives a number for each position of a micro-batch
   * @return {@code [completions][steps]}
   */
  static TokenValues of(
      List<RolloutRows.Answer> answers,
      int[] steps,
      RowCosts costs,
      CancellationToken cancellation,
      Function<MicroBatch, float[]> outputs) {
    double[][] values = new double[answers.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new double[steps[i]];
    }
    for (RolloutRows.Batch batch : RolloutRows.microBatches(answers, steps, costs)) {
      cancellation.throwIfCancelled("policy training");
      batch.scatter(outputs.apply(batch.batch()), values);
    }
    return TokenValues.of(values);
  }
}
