package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.jspecify.annotations.Nullable;

/** Parts a step's completions into updates, and lays these out in rows. */
final class PolicyBatches {

  private PolicyBatches() {}

  /**
   * Parts the groups of a step that are learned from into mini-batches, the completions of a group
   * together, which so share a copy of their prompt.
   *
   * @param groups of the step
   * @param mask the tokens that are learned from
   * @param parts how many; no more than groups are given
   * @param random decides the order
   * @return indices of the completions of each
   */
  static List<int[]> parts(Groups groups, CompletionMask mask, int parts, SplittableRandom random) {
    int[] order =
        IntStream.range(0, groups.count())
            .filter(g -> Arrays.stream(groups.members(g)).anyMatch(i -> mask.count(i) > 0))
            .toArray();
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    List<int[]> result = new ArrayList<>();
    int count = Math.min(parts, order.length);
    for (int p = 0; p < count; p++) {
      int from = (int) ((long) p * order.length / count);
      int to = (int) ((p + 1L) * order.length / count);
      result.add(
          Arrays.stream(order, from, to)
              .flatMap(g -> Arrays.stream(groups.members(g)))
              .sorted()
              .toArray());
    }
    return result;
  }

  /**
   * An update.
   *
   * @param batches its micro-batches; none where no completion is learned from
   * @param rows where the tokens of completions lie in each
   * @param kept indices of the completions that {@code rows} count
   */
  record Update(List<MicroBatch> batches, List<RolloutRows.Batch> rows, int[] kept) {}

  /**
   * Lays out an update.
   *
   * @param costs what rows of tokens cost the policy
   * @param part indices of its completions
   */
  static Update update(
      SampledStep sampled,
      PolicyAdvantages learned,
      TokenWeights weighting,
      RowCosts costs,
      int[] part) {
    CompletionMask mask = learned.advantages().mask();
    int[] kept = Arrays.stream(part).filter(i -> mask.count(i) > 0).toArray();
    if (kept.length == 0) {
      return new Update(List.of(), List.of(), kept);
    }
    double[][] weights = rows(weighting.weights(mask.select(kept), sampled.groups().select(kept)));
    double[][] advantages = rows(learned.advantages().advantages().select(kept));
    double[][] old = rows(learned.old(), kept);
    double[][] corrections = rows(learned.corrections().select(kept));
    double[][] reference = rows(learned.reference(), kept);
    List<RolloutRows.Answer> answers = sampled.answers();
    List<RolloutRows.Answer> chosen = Arrays.stream(kept).mapToObj(answers::get).toList();
    List<MicroBatch> batches = new ArrayList<>();
    List<RolloutRows.Batch> rows = RolloutRows.microBatches(chosen, costs);
    for (RolloutRows.Batch batch : rows) {
      Map<String, FloatInput> inputs = new HashMap<>();
      inputs.put(PolicyObjective.WEIGHTS, vector(batch.gather(weights)));
      inputs.put(PolicyObjective.ADVANTAGES, vector(batch.gather(advantages)));
      if (old != null) {
        inputs.put(PolicyObjective.OLD, vector(batch.gather(old)));
      }
      inputs.put(
          PolicyObjective.REFERENCE,
          vector(reference == null ? new float[batch.owners().length] : batch.gather(reference)));
      inputs.put(PolicyObjective.CORRECTIONS, vector(batch.gather(corrections)));
      inputs.put(PolicyObjective.MEMBERSHIP, batch.membership());
      float[] lengths = new float[batch.answers().size()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = chosen.get(batch.answers().get(i)).completion().size();
      }
      inputs.put(PolicyObjective.LENGTHS, vector(lengths));
      batches.add(batch.with(inputs));
    }
    return new Update(batches, rows, kept);
  }

  private static double @Nullable [][] rows(@Nullable TokenValues values, int[] kept) {
    return values == null ? null : rows(values.select(kept));
  }

  static FloatInput vector(float[] values) {
    return new FloatInput(values, values.length);
  }

  static double[][] rows(TokenValues values) {
    double[][] rows = new double[values.sequences()][];
    Arrays.setAll(rows, values::row);
    return rows;
  }
}
