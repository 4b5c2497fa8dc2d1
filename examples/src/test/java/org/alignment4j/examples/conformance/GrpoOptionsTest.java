package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of GRPO with other options, whose numbers are computed naively here. */
class GrpoOptionsTest {

  private static final double LOW = 0.12;
  private static final double HIGH = 0.17;

  @TempDir private Path folder = Path.of("");

  /** The loss of a token, given the trained row and the same row as a constant. */
  private interface TokenLoss {
    double of(Rows rows, int s, int t, double[] policy, double[] fixed);
  }

  /** The numbers of a file. */
  private record Rows(
      double[][] policy,
      double[][] old,
      double[][] reference,
      double[][] entropies,
      double[] advantages,
      int[] lengths) {

    static Rows of(RlCases cases) {
      return new Rows(
          cases.rows("per_token_logps"),
          cases.rows("old_per_token_logps"),
          cases.rows("ref_per_token_logps"),
          cases.rows("entropies"),
          cases.numbers("loss_advantages"),
          Arrays.stream(cases.rows("completion_mask"))
              .mapToInt(row -> (int) Arrays.stream(row).sum())
              .toArray());
    }

    double ratio(int s, int t, double[] policy) {
      return Math.exp(policy[t] - old[s][t]);
    }

    double sum(int s, double[] policy) {
      return IntStream.range(0, lengths[s]).mapToDouble(t -> policy[t] - old[s][t]).sum();
    }

    double ratioOfSequence(int s, double[] policy) {
      return Math.exp(sum(s, policy) / lengths[s]);
    }

    int tokens() {
      return Arrays.stream(lengths).sum();
    }
  }

  private static double clipped(double ratio, double advantage) {
    double bounded = Math.min(Math.max(ratio, 1 - LOW), 1 + HIGH);
    return -Math.min(ratio * advantage, bounded * advantage);
  }

  private static double ofTokens(Rows rows, int s, int t, double[] policy, double[] fixed) {
    return clipped(rows.ratio(s, t, policy), rows.advantages()[s]);
  }

  private static double ofSequences(Rows rows, int s, int t, double[] policy, double[] fixed) {
    return clipped(rows.ratioOfSequence(s, policy), rows.advantages()[s]);
  }

  /** With k and λ of both signs. */
  private static TokenLoss vespo(double k, double lambda, double kNegative, double negative) {
    return (rows, s, t, policy, fixed) ->
        -phi(rows, s, fixed, k, lambda, kNegative, negative) * rows.advantages()[s] * policy[t];
  }

  private static double phi(Rows rows, int s, double[] policy, double... settings) {
    int from = rows.advantages()[s] >= 0 ? 0 : 2;
    double log = rows.sum(s, policy);
    double lambda = settings[from + 1];
    return Math.exp(lambda + settings[from] * log - lambda * Math.exp(log));
  }

  private static double sapo(Rows rows, int s, int t, double[] policy, double[] fixed) {
    double a = rows.advantages()[s];
    double temperature = a > 0 ? 1.2 : 1.4;
    double z = temperature * (rows.ratio(s, t, policy) - 1);
    return -4 / temperature / (1 + Math.exp(-z)) * a;
  }

  private static double cispo(Rows rows, int s, int t, double[] policy, double[] fixed) {
    return -Math.min(rows.ratio(s, t, fixed), 1.05) * rows.advantages()[s] * policy[t];
  }

  private static ObjectNode add(
      RlCases cases, String type, Map<String, Object> options, double[] weights, TokenLoss loss) {
    Rows rows = Rows.of(cases);
    ObjectNode one = cases.add();
    one.put("loss_type", type).put("epsilon_low", LOW).put("epsilon_high", HIGH);
    options.forEach((key, value) -> RlCases.put(one, key, value));
    double total = 0;
    double[][] gradients = new double[weights.length][];
    for (int i = 0; i < weights.length; i++) {
      int s = i;
      double[] at = rows.policy()[s];
      total += row(rows, s, at, weights[s], loss);
      gradients[s] = RlCases.gradient(x -> row(rows, s, x, weights[s], loss), at);
    }
    RlCases.put(one, "loss", total);
    RlCases.put(one, "grad", gradients);
    one.putObject("metrics");
    return one;
  }

  private static double row(Rows rows, int s, double[] policy, double weight, TokenLoss loss) {
    double[] fixed = rows.policy()[s];
    return IntStream.range(0, rows.lengths()[s])
        .mapToDouble(t -> weight * loss.of(rows, s, t, policy, fixed))
        .sum();
  }

  private static double[] weights(Rows rows, boolean ofSequences, double divisor) {
    return Arrays.stream(rows.lengths())
        .mapToDouble(length -> 1 / (divisor * (ofSequences ? length : 1)))
        .toArray();
  }

  private static Map<String, Object> options(Object... pairs) {
    Map<String, Object> options = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      options.put((String) pairs[i], pairs[i + 1]);
    }
    return options;
  }

  @Test
  void typesOfLosses() throws IOException {
    RlCases cases = RlCases.of("grpo.json");
    Rows rows = Rows.of(cases);
    int n = rows.lengths().length;
    double[] tokenMean = weights(rows, false, rows.tokens());
    double[] sequenceMean = weights(rows, true, n);
    double[] sequenceSum = weights(rows, false, n);
    ObjectNode vespo = add(cases, "vespo", options(), tokenMean, vespo(2, 3, 3, 2));
    double phi =
        IntStream.range(0, n)
            .mapToDouble(s -> phi(rows, s, rows.policy()[s], 2, 3, 3, 2))
            .average()
            .orElseThrow();
    RlCases.put(vespo, "metrics", options("vespo/phi_seq_mean", phi));
    add(
        cases,
        "vespo",
        options(
            "vespo_k_pos", 1.5, "vespo_lambda_pos", 2.5, "vespo_k_neg", 2, "vespo_lambda_neg", 1),
        tokenMean,
        vespo(1.5, 2.5, 2, 1));
    Map<String, Object> level = options("importance_sampling_level", "sequence");
    ObjectNode luspo = add(cases, "luspo", level, sequenceSum, GrpoOptionsTest::ofSequences);
    luspo.putObject("metrics").put("clip_ratio/region_mean", clippedSequences(rows));
    add(cases, "dapo", level, tokenMean, GrpoOptionsTest::ofSequences);
    add(cases, "dapo", options(), tokenMean, GrpoOptionsTest::ofTokens);
    add(cases, "dr_grpo", options(), weights(rows, false, 10 * n), GrpoOptionsTest::ofTokens);
    add(
        cases,
        "sapo",
        options("sapo_temperature_pos", 1.2, "sapo_temperature_neg", 1.4),
        sequenceMean,
        GrpoOptionsTest::sapo);
    ObjectNode cispo =
        add(cases, "cispo", options("epsilon_high", 1.05), tokenMean, GrpoOptionsTest::cispo);
    cispo.putObject("metrics").put("cispo_clip_ratio", capped(rows));
    assertThat(cases.passes(folder)).contains("ok    vespo beta", "ok    luspo beta");

    luspo.putObject("metrics").put("clip_ratio/region_mean", clippedSequences(rows) + 0.01);
    assertThat(cases.run(folder)).contains("FAIL  luspo");
  }

  /** The share of sequences whose ratio is clipped. */
  private static double clippedSequences(Rows rows) {
    int clipped = 0;
    for (int s = 0; s < rows.lengths().length; s++) {
      double ratio = rows.ratioOfSequence(s, rows.policy()[s]);
      clipped += rows.advantages()[s] > 0 ? (ratio > 1 + HIGH ? 1 : 0) : (ratio < 1 - LOW ? 1 : 0);
    }
    return (double) clipped / rows.lengths().length;
  }

  private static double capped(Rows rows) {
    int capped = 0;
    for (int s = 0; s < rows.lengths().length; s++) {
      for (int t = 0; t < rows.lengths()[s]; t++) {
        boolean above = rows.ratio(s, t, rows.policy()[s]) > 1.05;
        capped += above && rows.advantages()[s] > 0 ? 1 : 0;
      }
    }
    return (double) capped / rows.tokens();
  }

  @Test
  void tokensOfTheAccumulatedBatch() throws IOException {
    RlCases cases = RlCases.of("grpo.json");
    Rows rows = Rows.of(cases);
    cases.root().put("num_items_in_batch_for_dapo_and_cispo", 64.0);
    add(cases, "dapo", options(), weights(rows, false, 64), GrpoOptionsTest::ofTokens);
    add(cases, "bnpo", options(), weights(rows, false, rows.tokens()), GrpoOptionsTest::ofTokens);
    cases.passes(folder);
  }

  @Test
  void offPolicyMask() throws IOException {
    RlCases cases = RlCases.of("grpo.json");
    Rows rows = Rows.of(cases);
    double[] distances =
        IntStream.range(0, rows.lengths().length)
            .mapToDouble(s -> -rows.sum(s, rows.policy()[s]) / rows.lengths()[s])
            .toArray();
    double threshold =
        IntStream.range(0, distances.length)
                .filter(s -> rows.advantages()[s] < 0)
                .mapToDouble(s -> distances[s])
                .max()
                .orElseThrow()
            - 1e-3;
    TokenLoss masked =
        (r, s, t, policy, fixed) -> {
          boolean dropped = r.advantages()[s] < 0 && distances[s] > threshold;
          double log = r.reference()[s][t] - policy[t];
          double kl = Math.exp(log) - log - 1;
          return (dropped ? 0 : ofTokens(r, s, t, policy, fixed)) + 0.05 * kl;
        };
    add(
        cases,
        "grpo",
        options("off_policy_mask_threshold", Math.max(0, threshold), "beta", 0.05),
        weights(rows, true, rows.lengths().length),
        masked);
    assertThat(threshold).isPositive();
    cases.passes(folder);
  }

  @Test
  void tokensOfHighEntropy() throws IOException {
    RlCases cases = RlCases.of("grpo.json");
    Rows rows = Rows.of(cases);
    double[] sorted =
        IntStream.range(0, rows.lengths().length)
            .boxed()
            .flatMapToDouble(s -> Arrays.stream(rows.entropies()[s], 0, rows.lengths()[s]))
            .sorted()
            .toArray();
    double place = 0.7 * (sorted.length - 1);
    int below = (int) place;
    double bound = sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    TokenLoss kept =
        (r, s, t, policy, fixed) ->
            r.entropies()[s][t] >= bound ? ofTokens(r, s, t, policy, fixed) : 0;
    double[] sequenceMean = weights(rows, true, rows.lengths().length);
    add(cases, "grpo", options("top_entropy_quantile", 0.3), sequenceMean, kept);
    cases.passes(folder);
  }

  @Test
  void everyMetricIsCompared() throws IOException {
    for (String metric : new String[] {"entropy", "clip_ratio/low_min", "clip_ratio/high_max"}) {
      RlCases cases = RlCases.of("grpo.json");
      ObjectNode metrics = (ObjectNode) cases.add().get("metrics");
      cases.passes(folder);
      metrics.put(metric, metrics.get(metric).doubleValue() + 2e-6);
      assertThat(cases.run(folder)).contains(metric + " must be");
    }
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    RlCases cases = RlCases.of("grpo.json");
    String level = "importance_sampling_level";
    cases.add().put("loss_type", "luspo");
    cases.add().put("loss_type", "sapo").put(level, "sequence");
    cases.add().put("delta", 2.0).put(level, "sequence");
    cases.add().put("loss_type", "other");
    assertThat(cases.run(folder))
        .contains("loss_type 'luspo' is a loss of sequences")
        .contains("there is no loss_type 'sapo' with ratios of sequences")
        .contains("there is no delta that bounds ratios of sequences")
        .contains("there is no loss_type 'other'")
        .doesNotContain("FAIL");
  }
}
