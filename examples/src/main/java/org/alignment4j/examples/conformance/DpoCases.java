package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.rlhf.loss.DpoLoss;
import org.alignment4j.rlhf.loss.HingeLoss;
import org.alignment4j.rlhf.loss.IpoLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.PreferenceLossValues;
import org.alignment4j.rlhf.loss.PreferenceLosses;
import org.alignment4j.rlhf.loss.RobustDpoLoss;

/** Losses over preferences: values, implicit rewards and gradients, in float64. */
final class DpoCases {

  private final String kind;
  private final CaseRunner runner;

  DpoCases(String kind, CaseRunner runner) {
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
    String group = String.valueOf(file.getFileName());
    List<Fixture> cases = fixture.get("cases").elements();
    for (int i = 0; i < cases.size(); i++) {
      Fixture one = cases.get(i);
      String label =
          "%s beta %s label_smoothing %s [%s]"
              .formatted(
                  one.node().path("loss_type").asText("?"),
                  one.node().path("beta").asText("?"),
                  one.node().path("label_smoothing").asText("?"),
                  i);
      runner.run(kind, group, label, check -> compare(check, fixture, one));
    }
  }

  private static void compare(Check check, Fixture fixture, Fixture one) {
    PreferenceLoss loss = loss(one);
    double[] policyChosen = values(fixture, one, "policy_chosen_logps");
    double[] policyRejected = values(fixture, one, "policy_rejected_logps");
    double[] refChosen = values(fixture, one, "ref_chosen_logps");
    double[] refRejected = values(fixture, one, "ref_rejected_logps");
    PreferenceLossValues rewards =
        PreferenceLosses.evaluate(loss, policyChosen, policyRejected, refChosen, refRejected);
    PreferenceLossValues found = rewards;
    if (one.node().path("reference_free").asBoolean()) {
      // The reference drops out of the loss only; rewards are still measured against it.
      double[] none = new double[policyChosen.length];
      found = PreferenceLosses.evaluate(loss, policyChosen, policyRejected, none, none);
    }
    check.close("loss", found.loss(), one.get("loss").number(), Tolerance.DOUBLE);
    compare(check, one, "losses", found.losses());
    compare(check, one, "chosen_rewards", rewards.chosenRewards());
    compare(check, one, "rejected_rewards", rewards.rejectedRewards());
    compare(check, one, "grad_chosen", found.chosenGradients());
    compare(check, one, "grad_rejected", found.rejectedGradients());
  }

  private static void compare(Check check, Fixture one, String key, double[] actual) {
    check.close(key, actual, one.get(key).numbers(), Tolerance.DOUBLE);
  }

  /** A case may bring log-probabilities of its own. */
  private static double[] values(Fixture fixture, Fixture one, String key) {
    return (one.has(key) ? one : fixture).get(key).numbers();
  }

  private static PreferenceLoss loss(Fixture one) {
    String divergence = one.text("f_divergence", "reverse_kl");
    if (!divergence.equals("reverse_kl")) {
      throw new SkippedCaseException("there is no f_divergence '" + divergence + "'");
    }
    String type = one.get("loss_type").text();
    double beta = one.get("beta").number();
    double smoothing = one.number("label_smoothing", 0);
    return switch (type) {
      case "sigmoid" -> new DpoLoss(beta, smoothing);
      case "robust" -> new RobustDpoLoss(beta, smoothing);
      case "hinge" -> new HingeLoss(beta);
      case "ipo" -> new IpoLoss(beta, IpoLoss.Ratios.SUMMED);
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }
}
