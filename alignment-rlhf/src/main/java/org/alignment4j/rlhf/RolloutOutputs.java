package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.TokenEntropies;

/** What a network says of completions, token by token. */
final class RolloutOutputs {

  private RolloutOutputs() {}

  /**
   * What a policy says of completions.
   *
   * @param logProbs log-probability of each token
   * @param entropies of the distribution it was drawn from
   */
  record Sureness(TokenValues logProbs, TokenValues entropies) {}

  /**
   * Runs a policy over completions.
   *
   * @param costs what rows of tokens cost it
   * @param outputs gives what it says of a micro-batch
   */
  static Sureness sureness(
      List<RolloutRows.Answer> answers,
      RowCosts costs,
      CancellationToken cancellation,
      Function<MicroBatch, TokenEntropies> outputs) {
    double[][] logProbs = new double[answers.size()][];
    Arrays.setAll(logProbs, i -> new double[answers.get(i).completion().size()]);
    double[][] entropies = new double[answers.size()][];
    Arrays.setAll(entropies, i -> new double[logProbs[i].length]);
    for (RolloutRows.Batch batch : RolloutRows.microBatches(answers, costs)) {
      cancellation.throwIfCancelled("policy training");
      TokenEntropies both = outputs.apply(batch.batch());
      batch.scatter(both.logProbs(), logProbs);
      batch.scatter(both.entropies(), entropies);
    }
    return new Sureness(TokenValues.of(logProbs), TokenValues.of(entropies));
  }

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
