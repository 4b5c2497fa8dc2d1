package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.rlhf.loss.RewardLossValues;
import org.alignment4j.rlhf.loss.RewardLosses;

/** Losses of reward models: values, and gradients, in float64. */
final class RewardCases {

  private final String kind;
  private final CaseRunner runner;

  RewardCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /**
   * Runs every case of a file.
   *
   * @throws IOException if it cannot be read
   */
  void run(Path file) throws IOException {
    List<Fixture> cases = Fixture.read(file).get("cases").elements();
    for (int i = 0; i < cases.size(); i++) {
      Fixture one = cases.get(i);
      String label = "margin %s centering %s [%s]".formatted(one.has("margin"), centering(one), i);
      runner.run(kind, String.valueOf(file.getFileName()), label, check -> compare(check, one));
    }
  }

  private static void compare(Check check, Fixture one) {
    double[] chosen = one.get("scores_chosen").numbers();
    double[] rejected = one.get("scores_rejected").numbers();
    double[] margins = one.has("margin") ? one.get("margin").numbers() : new double[chosen.length];
    double[] certain = new double[chosen.length];
    Arrays.fill(certain, 1);
    RewardLossValues found =
        RewardLosses.evaluate(
            new BradleyTerryLoss(1, centering(one)), chosen, rejected, margins, certain);
    check.close("loss", found.loss(), one.get("loss").number(), Tolerance.DOUBLE);
    check.close(
        "grad_chosen", found.chosenGradients(), one.get("grad_chosen").numbers(), Tolerance.DOUBLE);
    check.close(
        "grad_rejected",
        found.rejectedGradients(),
        one.get("grad_rejected").numbers(),
        Tolerance.DOUBLE);
    check.close(
        "accuracy", accuracy(chosen, rejected), one.get("accuracy").number(), Tolerance.SINGLE);
  }

  /** How often the preferred answer scores higher, whatever the margin. */
  private static double accuracy(double[] chosen, double[] rejected) {
    int higher = 0;
    for (int i = 0; i < chosen.length; i++) {
      higher += chosen[i] > rejected[i] ? 1 : 0;
    }
    return (double) higher / chosen.length;
  }

  private static double centering(Fixture one) {
    return one.number("center_rewards_coefficient", 0);
  }
}
