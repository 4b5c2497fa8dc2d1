package org.alignment4j.examples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.alignment4j.rlhf.loss.FDpoLoss;
import org.alignment4j.rlhf.loss.MixedLoss;
import org.alignment4j.rlhf.loss.PairValues;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.PreferenceLossValues;
import org.alignment4j.rlhf.loss.PreferenceLosses;
import org.alignment4j.rlhf.loss.WithoutReferenceLoss;

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
                  label(one.node().path("loss_type")),
                  one.node().path("beta").asText("?"),
                  one.node().path("label_smoothing").asText("?"),
                  i);
      runner.run(kind, group, label, check -> compare(check, fixture, one));
    }
  }

  private static String label(JsonNode type) {
    return type.isArray() ? type.toString() : type.asText("?");
  }

  private static void compare(Check check, Fixture fixture, Fixture one) {
    DpoOptions options = new DpoOptions(fixture, one);
    PreferenceLoss loss = options.loss();
    double[] policyChosen = values(fixture, one, "policy_chosen_logps");
    double[] policyRejected = values(fixture, one, "policy_rejected_logps");
    double[] refChosen = values(fixture, one, "ref_chosen_logps");
    double[] refRejected = values(fixture, one, "ref_rejected_logps");
    PairValues pairs =
        PairValues.of(policyChosen, policyRejected).reference(refChosen, refRejected);
    if (one.has("chosen_lengths") || fixture.has("chosen_lengths")) {
      pairs =
          pairs.lengths(
              values(fixture, one, "chosen_lengths"), values(fixture, one, "rejected_lengths"));
    }
    PreferenceLossValues found =
        options.runningMean()
            ? RunningBco.evaluate(
                options.beta(),
                joined(policyChosen, policyRejected),
                joined(refChosen, refRejected))
            : PreferenceLosses.evaluate(loss, pairs);
    // Whatever the loss makes of the reference, TRL's rewards are measured against it.
    PreferenceLossValues rewards =
        loss instanceof FDpoLoss
                || loss instanceof MixedLoss
                || loss instanceof WithoutReferenceLoss
            ? PreferenceLosses.evaluate(PreferenceLoss.dpo(options.beta()), pairs)
            : found;
    double factor = options.rewardFactor();
    check.close("loss", found.loss(), one.get("loss").number(), Tolerance.DOUBLE);
    compare(check, one, "losses", found.losses());
    compare(check, one, "chosen_rewards", scaled(rewards.chosenRewards(), factor));
    compare(check, one, "rejected_rewards", scaled(rewards.rejectedRewards(), factor));
    compare(check, one, "grad_chosen", found.chosenGradients());
    compare(check, one, "grad_rejected", found.rejectedGradients());
  }

  private static double[] scaled(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }

  private static double[] joined(double[] first, double[] second) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static void compare(Check check, Fixture one, String key, double[] actual) {
    check.close(key, actual, one.get(key).numbers(), Tolerance.DOUBLE);
  }

  /** A case may bring log-probabilities of its own. */
  private static double[] values(Fixture fixture, Fixture one, String key) {
    return (one.has(key) ? one : fixture).get(key).numbers();
  }
}
