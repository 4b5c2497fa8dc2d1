package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.alignment4j.rlhf.loss.ApoZeroUnpairedLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.loss.UnpairedLossValues;
import org.alignment4j.rlhf.loss.UnpairedLosses;

/** Losses over single answers: values, reference points, rewards and gradients, in float64. */
final class KtoCases {

  private final String kind;
  private final CaseRunner runner;

  KtoCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /**
   * Runs every case of a file.
   *
   * @throws IOException if it cannot be read
   */
  void run(Path file) throws IOException {
    Fixture fixture = Fixture.read(file);
    List<Fixture> cases = fixture.get("cases").elements();
    for (int i = 0; i < cases.size(); i++) {
      Fixture one = cases.get(i);
      String label =
          "%s beta %s %s [%s]"
              .formatted(
                  one.node().path("loss_type").asText("?"),
                  one.node().path("beta").asText("?"),
                  one.node().path("name").asText("?"),
                  i);
      runner.run(
          kind, String.valueOf(file.getFileName()), label, check -> compare(check, fixture, one));
    }
  }

  private static void compare(Check check, Fixture fixture, Fixture one) {
    UnpairedLoss loss = loss(one);
    double[] chosen = fixture.get("policy_chosen").numbers();
    double[] rejected = fixture.get("policy_rejected").numbers();
    boolean[] desirable = new boolean[chosen.length + rejected.length];
    Arrays.fill(desirable, 0, chosen.length, true);
    double point = 0;
    if (loss.referencePoint() == UnpairedLoss.ReferencePoint.MISMATCHED_KL) {
      point =
          UnpairedLosses.mismatchedKl(
              fixture.get("policy_KL").numbers(), one.get("ref_KL").numbers());
      check.close("kl", point, one.get("kl").number(), Tolerance.DOUBLE);
    }
    UnpairedLossValues found =
        UnpairedLosses.evaluate(
            loss,
            joined(chosen, rejected),
            joined(fixture.get("ref_chosen").numbers(), fixture.get("ref_rejected").numbers()),
            desirable,
            point);
    check.close("loss", found.loss(), one.get("loss").number(), Tolerance.DOUBLE);
    check.close(
        "losses_chosen_then_rejected",
        found.losses(),
        one.get("losses_chosen_then_rejected").numbers(),
        Tolerance.DOUBLE);
    compare(check, one, "chosen_rewards", "rejected_rewards", found.rewards());
    compare(check, one, "grad_chosen", "grad_rejected", found.gradients());
  }

  private static void compare(
      Check check, Fixture one, String chosen, String rejected, double[] actual) {
    check.close(
        chosen + " and " + rejected,
        actual,
        joined(one.get(chosen).numbers(), one.get(rejected).numbers()),
        Tolerance.DOUBLE);
  }

  private static double[] joined(double[] first, double[] second) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static UnpairedLoss loss(Fixture one) {
    String type = one.node().path("loss_type").asText("?");
    double beta = one.get("beta").number();
    double desirable = one.number("desirable_weight", 1);
    double undesirable = one.number("undesirable_weight", 1);
    return switch (type) {
      case "kto" -> UnpairedLoss.kto(beta, desirable, undesirable);
      case "apo_zero_unpaired" -> new ApoZeroUnpairedLoss(beta, desirable, undesirable);
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }
}
