package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.loss.PairValues;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.PreferenceLosses;

/**
 * A preference loss on held-out pairs. One that compares all pairs of an update is evaluated on
 * groups of the size of an update, of which each is one value and named by its first prompt.
 *
 * @param loss the loss
 */
record PairLossObjective(PreferenceLoss loss) implements Objective {

  private static final int UPDATE = 16;

  @Override
  public String title() {
    return "held-out loss";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER;
  }

  @Override
  public Values of(MethodContext context, Policy policy, List<MeasuredReply> replies) {
    HeldOutPairs pairs = context.heldOutPairs();
    HeldOutPairs.Scores scores = pairs.scores(policy.model());
    int n = pairs.examples().size();
    if (!loss.inputs().contains(PairInput.WHOLE_UPDATE)) {
      return new Values(
          PreferenceLosses.evaluate(loss, values(pairs, scores, 0, n)).losses(), pairs.prompts());
    }
    List<Double> losses = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (int from = 0; from + UPDATE <= n; from += UPDATE) {
      losses.add(
          PreferenceLosses.evaluate(loss, values(pairs, scores, from, from + UPDATE)).loss());
      groups.add(pairs.prompts().get(from));
    }
    return new Values(losses.stream().mapToDouble(Double::doubleValue).toArray(), groups);
  }

  private static PairValues values(HeldOutPairs pairs, HeldOutPairs.Scores own, int from, int to) {
    HeldOutPairs.Scores other = pairs.reference();
    List<PreferenceExample> examples = pairs.examples().subList(from, to);
    return PairValues.of(part(own.chosen(), from, to), part(own.rejected(), from, to))
        .lengths(
            examples.stream().mapToDouble(e -> e.chosen().size()).toArray(),
            examples.stream().mapToDouble(e -> e.rejected().size()).toArray())
        .reference(part(other.chosen(), from, to), part(other.rejected(), from, to))
        .shared(
            part(own.sharedChosen(), from, to),
            part(own.sharedRejected(), from, to),
            part(other.sharedChosen(), from, to),
            part(other.sharedRejected(), from, to));
  }

  private static double[] part(double[] values, int from, int to) {
    return Arrays.copyOfRange(values, from, to);
  }
}
