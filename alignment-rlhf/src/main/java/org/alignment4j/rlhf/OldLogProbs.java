package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.runtime.train.MetricValues;

/**
 * Log-probabilities of a step's completions under the policy as it was before its updates: computed
 * before, or taken from the only update, which computes those of the completions it learns from.
 */
final class OldLogProbs {

  private final double[][] values;
  private final boolean collected;

  private OldLogProbs(double[][] values, boolean collected) {
    this.values = values;
    this.collected = collected;
  }

  /** Computes what no update will. */
  static OldLogProbs of(PolicyActor actor, SampledStep sampled, PolicyAdvantages learned) {
    TokenValues known = learned.old();
    if (known != null) {
      return new OldLogProbs(PolicyBatches.rows(known), false);
    }
    CompletionMask mask = learned.advantages().mask();
    double[][] values = new double[mask.sequences()][];
    int[] lengths = sampled.lengths();
    Arrays.setAll(values, i -> new double[lengths[i]]);
    int[] left = IntStream.range(0, values.length).filter(i -> mask.count(i) == 0).toArray();
    if (left.length > 0) {
      List<RolloutRows.Answer> answers = sampled.answers();
      TokenValues scored =
          actor.logProbs(
              Arrays.stream(left).mapToObj(answers::get).toList(), CancellationToken.none());
      for (int i = 0; i < left.length; i++) {
        values[left[i]] = scored.row(i);
      }
    }
    return new OldLogProbs(values, true);
  }

  /** Takes what an update computes. */
  MetricValues of(PolicyBatches.Update update) {
    double[][] kept = new double[update.kept().length][];
    Arrays.setAll(kept, i -> values[update.kept()[i]]);
    return (batch, name, measured) -> {
      if (collected && name.equals(PolicyObjective.LOG_PROBS)) {
        float[] rows = new float[measured.remaining()];
        measured.get(rows);
        update.rows().get(batch).scatter(rows, kept);
      }
    };
  }

  TokenValues values() {
    return TokenValues.of(values);
  }
}
