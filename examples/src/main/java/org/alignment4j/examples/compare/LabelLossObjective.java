package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.loss.UnpairedLosses;
import org.alignment4j.runtime.DecoderModel;

/**
 * A loss of single labelled answers, those of the held-out pairs. What it compares rewards with is
 * taken over all of them, as training takes it over an update.
 *
 * @param loss the loss
 */
record LabelLossObjective(UnpairedLoss loss) implements Objective {

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
    HeldOutPairs.Scores own = pairs.scores(policy.model());
    int n = pairs.examples().size();
    double[] policyLogProbs = joined(own.chosen(), own.rejected());
    double[] reference = joined(pairs.reference().chosen(), pairs.reference().rejected());
    boolean[] desirable = new boolean[2 * n];
    Arrays.fill(desirable, 0, n, true);
    double point =
        switch (loss.referencePoint()) {
          case NONE -> 0;
          case MISMATCHED_KL ->
              UnpairedLosses.mismatchedKl(
                  mismatched(pairs, policy.model()), mismatched(pairs, context.start().model()));
          case RUNNING_REWARD -> meanReward(policyLogProbs, reference, n);
        };
    List<String> prompts = new ArrayList<>(pairs.prompts());
    prompts.addAll(pairs.prompts());
    return new Values(
        UnpairedLosses.evaluate(loss, policyLogProbs, reference, desirable, point).losses(),
        prompts);
  }

  /** As many answers are good as bad. */
  private double meanReward(double[] policy, double[] reference, int n) {
    double good = 0;
    double bad = 0;
    for (int i = 0; i < n; i++) {
      good += policy[i] - reference[i];
      bad += policy[n + i] - reference[n + i];
    }
    return loss.beta() * (good + bad) / (2 * n);
  }

  /** The preferred answers behind the prompts of their neighbours. */
  private static double[] mismatched(HeldOutPairs pairs, DecoderModel model) {
    List<TokenIds> prompts = pairs.examples().stream().map(PreferenceExample::prompt).toList();
    List<TokenIds> answers =
        new ArrayList<>(pairs.examples().stream().map(PreferenceExample::chosen).toList());
    Collections.rotate(answers, 1);
    return Likelihoods.sums(model, prompts, answers);
  }

  private static double[] joined(double[] first, double[] second) {
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
