package org.alignment4j.examples.process;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.oversight.process.StepSupervision;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;

/**
 * What a model says of solutions.
 *
 * @param scores of each solution, higher for better ones
 * @param steps for each solution the probability that each step is correct
 * @param accepted of each solution, whether the model takes it for right as a whole
 */
record Verifier(double[] scores, List<double[]> steps, boolean[] accepted) {

  private static List<StepwiseSolution> solutions(List<Sampled> sampled) {
    return sampled.stream().map(Sampled::solution).toList();
  }

  /** By a process model: the product of its steps; accepted where no step is likelier wrong. */
  static Verifier process(TrainedStepRewardModel model, List<Sampled> sampled) {
    List<double[]> steps = model.scoreSteps(solutions(sampled), CancellationToken.none());
    boolean[] accepted = new boolean[steps.size()];
    for (int i = 0; i < accepted.length; i++) {
      accepted[i] = StepSupervision.firstMistake(steps.get(i)).isEmpty();
    }
    return new Verifier(
        steps.stream().mapToDouble(StepSupervision::logScore).toArray(), steps, accepted);
  }

  /** By an outcome model: its log-odds at the end; what it says at the end of steps beside it. */
  static Verifier outcome(TrainedRewardModel model, List<Sampled> sampled) {
    double[] scores =
        model
            .score(sampled.stream().map(Sampled::whole).toList(), CancellationToken.none())
            .stream()
            .mapToDouble(Reward::value)
            .toArray();
    boolean[] accepted = new boolean[scores.length];
    for (int i = 0; i < accepted.length; i++) {
      accepted[i] = scores[i] >= 0;
    }
    return new Verifier(
        scores,
        TrainedStepRewardModel.of(model.classifier(), StepProblem.SEPARATOR)
            .scoreSteps(solutions(sampled), CancellationToken.none()),
        accepted);
  }
}
