package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of DPO with other options, whose numbers are computed naively here. */
class DpoOptionsTest {

  private static final double BETA = 0.3;
  private static final Map<String, Object> NONE = Map.of();

  @TempDir private Path folder = Path.of("");

  /** The loss of each pair. */
  private interface Losses {
    double[] of(double[] c, double[] r, double[] refC, double[] refR);
  }

  /** The loss of one pair by its log ratios. */
  private interface PairLoss {
    double of(double c, double r);
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static double logSigmoid(double z) {
    return -Math.log1p(Math.exp(-z));
  }

  private static Losses pairwise(PairLoss loss) {
    return (c, r, refC, refR) ->
        IntStream.range(0, c.length)
            .mapToDouble(i -> loss.of(c[i] - refC[i], r[i] - refR[i]))
            .toArray();
  }

  private static Losses free(PairLoss loss) {
    return (c, r, refC, refR) ->
        IntStream.range(0, c.length).mapToDouble(i -> loss.of(c[i], r[i])).toArray();
  }

  private static double smoothed(double z, double e) {
    return -(1 - e) * logSigmoid(z) - e * logSigmoid(-z);
  }

  private static Losses transported(boolean margins, double smoothing) {
    return (c, r, refC, refR) -> {
      int n = c.length;
      double[] upper = new double[n];
      double[] lower = new double[n];
      for (int i = 0; i < n; i++) {
        upper[i] = margins ? c[i] - r[i] : c[i] - refC[i];
        lower[i] = margins ? refC[i] - refR[i] : r[i] - refR[i];
      }
      Arrays.sort(upper);
      Arrays.sort(lower);
      return IntStream.range(0, n)
          .mapToDouble(i -> smoothed(BETA * (upper[i] - lower[i]), smoothing))
          .toArray();
    };
  }

  private static void add(
      RlCases cases, Object type, Map<String, Object> options, double rewardFactor, Losses losses) {
    double[] c = cases.numbers("policy_chosen_logps");
    double[] r = cases.numbers("policy_rejected_logps");
    double[] refC = cases.numbers("ref_chosen_logps");
    double[] refR = cases.numbers("ref_rejected_logps");
    ObjectNode one = cases.add();
    RlCases.put(one, "loss_type", type);
    one.put("beta", BETA);
    options.forEach((key, value) -> RlCases.put(one, key, value));
    double[] found = losses.of(c, r, refC, refR);
    RlCases.put(one, "losses", found);
    one.put("loss", mean(found));
    RlCases.put(one, "chosen_rewards", rewards(c, refC, rewardFactor));
    RlCases.put(one, "rejected_rewards", rewards(r, refR, rewardFactor));
    RlCases.put(one, "grad_chosen", RlCases.gradient(x -> mean(losses.of(x, r, refC, refR)), c));
    RlCases.put(one, "grad_rejected", RlCases.gradient(x -> mean(losses.of(c, x, refC, refR)), r));
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).sum() / values.length;
  }

  private static double[] rewards(double[] policy, double[] reference, double factor) {
    return IntStream.range(0, policy.length)
        .mapToDouble(i -> BETA * (policy[i] - reference[i]) * factor)
        .toArray();
  }

  private static double exo(double z, double e) {
    return sigmoid(z) * (logSigmoid(z) - Math.log(1 - e))
        + sigmoid(-z) * (logSigmoid(-z) - Math.log(e));
  }

  private static double nca(double c, double r) {
    return -logSigmoid(BETA * c) - 0.5 * (logSigmoid(-BETA * c) + logSigmoid(-BETA * r));
  }

  private static double sppo(double c, double r) {
    return Math.pow(c - 0.5 / BETA, 2) + Math.pow(r + 0.5 / BETA, 2);
  }

  private static double discoPop(double z, double tau) {
    double w = sigmoid(z / tau);
    return -(1 - w) * logSigmoid(z) + w * Math.exp(-z);
  }

  private static double robust(double z, double e) {
    return (-(1 - e) * logSigmoid(z) + e * logSigmoid(-z)) / (1 - 2 * e);
  }

  @Test
  void typesOfLosses() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    Map<String, Object> smooth = Map.of("label_smoothing", 0.2);
    add(cases, "exo_pair", NONE, 1, pairwise((c, r) -> exo(BETA * (c - r), 1e-3)));
    add(cases, "exo_pair", smooth, 1, pairwise((c, r) -> exo(BETA * (c - r), 0.2)));
    add(cases, "robust", smooth, 1, pairwise((c, r) -> robust(BETA * (c - r), 0.2)));
    add(cases, "nca_pair", NONE, 1, pairwise(DpoOptionsTest::nca));
    add(cases, "sppo_hard", NONE, 1, pairwise(DpoOptionsTest::sppo));
    add(cases, "apo_zero", NONE, 1, pairwise((c, r) -> 1 - sigmoid(BETA * c) + sigmoid(BETA * r)));
    add(
        cases,
        "apo_down",
        NONE,
        1,
        pairwise((c, r) -> sigmoid(BETA * c) + 1 - sigmoid(BETA * (c - r))));
    add(cases, "discopop", NONE, 1, pairwise((c, r) -> discoPop(BETA * (c - r), 0.05)));
    add(
        cases,
        "discopop",
        Map.of("discopop_tau", 0.5),
        1,
        pairwise((c, r) -> discoPop(BETA * (c - r), 0.5)));
    add(cases, "aot", smooth, 1, transported(true, 0.2));
    add(cases, "aot_pair", NONE, 1, transported(false, 0));
    add(cases, "aot_unpaired", NONE, 1, transported(false, 0));
    assertThat(cases.passes(folder)).contains("12      12       0        0");
  }

  /** The mean that rewards are compared with is no function of the log-probabilities. */
  @Test
  void runningMeanOfBco() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    double[] all =
        DoubleStream.concat(
                Arrays.stream(
                    rewards(
                        cases.numbers("policy_chosen_logps"),
                        cases.numbers("ref_chosen_logps"),
                        1)),
                Arrays.stream(
                    rewards(
                        cases.numbers("policy_rejected_logps"),
                        cases.numbers("ref_rejected_logps"),
                        1)))
            .toArray();
    double point = (float) mean(all);
    Losses running =
        pairwise((c, r) -> -logSigmoid(BETA * c - point) - logSigmoid(point - BETA * r));
    add(cases, "bco_pair", NONE, 1, running);
    cases.passes(folder);
    cases.root().put("source", "trl v1.9.0");
    assertThat(cases.run(folder)).contains("FAIL  bco_pair");

    RlCases newer = RlCases.of("dpo.json");
    newer.root().put("source", "trl v1.9.0");
    Losses plain = pairwise((c, r) -> -logSigmoid(BETA * c) - logSigmoid(-BETA * r));
    add(newer, "bco_pair", NONE, 1, plain);
    newer.passes(folder);
  }

  @Test
  void mixes() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    Losses mix = pairwise((c, r) -> -0.8 * logSigmoid(BETA * (c - r)) + 0.5 * nca(c, r));
    add(cases, List.of("sigmoid", "nca_pair"), Map.of("loss_weights", List.of(0.8, 0.5)), 1.3, mix);
    assertThat(cases.passes(folder)).contains("ok    [\"sigmoid\",\"nca_pair\"] beta 0.3");
  }

  @Test
  void referenceFree() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    Map<String, Object> options = Map.of("reference_free", true);
    add(cases, "sigmoid", options, 1, free((c, r) -> -logSigmoid(BETA * (c - r))));
    add(cases, "apo_zero", options, 1, free((c, r) -> 1 - sigmoid(BETA * c) + sigmoid(BETA * r)));
    // TRL measures this one against the reference all the same.
    add(cases, "nca_pair", options, 1, pairwise(DpoOptionsTest::nca));
    cases.passes(folder);
  }

  @Test
  void divergences() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    Losses js = pairwise((c, r) -> -logSigmoid(BETA * (logSigmoid(c) - logSigmoid(r))));
    add(cases, "sigmoid", Map.of("f_divergence", "js_divergence"), 1, js);
    for (double alpha : new double[] {1, 0.4}) {
      Losses losses =
          pairwise(
              (c, r) -> -logSigmoid(BETA * (Math.exp(-alpha * r) - Math.exp(-alpha * c)) / alpha));
      Map<String, Object> options =
          Map.of(
              "f_divergence",
              "alpha_divergence",
              "f_params",
              Map.of("alpha_divergence_coef", alpha));
      add(cases, "sigmoid", options, 1, losses);
    }
    cases.passes(folder);
  }

  @Test
  void lengths() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    double[] chosen = {7, 5, 3, 9, 11, 4};
    double[] rejected = {12, 6, 8, 5, 7, 9};
    cases.root().put("source", "trl v1.9.0");
    RlCases.put(cases.root(), "chosen_lengths", chosen);
    RlCases.put(cases.root(), "rejected_lengths", rejected);
    add(cases, "sigmoid_norm", NONE, 1, averaged(chosen, rejected, z -> -logSigmoid(BETA * z)));
    add(cases, "ipo", NONE, 1, averaged(chosen, rejected, z -> Math.pow(z - 0.5 / BETA, 2)));
    cases.passes(folder);
  }

  private static Losses averaged(double[] chosen, double[] rejected, DoubleUnaryOperator loss) {
    return (c, r, refC, refR) ->
        IntStream.range(0, c.length)
            .mapToDouble(
                i ->
                    loss.applyAsDouble(
                        (c[i] - refC[i]) / chosen[i] - (r[i] - refR[i]) / rejected[i]))
            .toArray();
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    RlCases cases = RlCases.of("dpo.json");
    cases.add().put("rpo_alpha", 1);
    cases.add().put("use_weighting", true);
    cases.add().put("loss_type", "sigmoid_norm");
    cases.add().put("loss_type", "hinge").put("f_divergence", "js_divergence");
    assertThat(cases.run(folder))
        .contains("rpo_alpha needs log-probabilities of tokens")
        .contains("use_weighting needs logits")
        .contains("loss_type 'sigmoid_norm' needs chosen_lengths")
        .contains("there is no f_divergence 'js_divergence' with loss_type 'hinge'")
        .contains("all were skipped");
  }
}
