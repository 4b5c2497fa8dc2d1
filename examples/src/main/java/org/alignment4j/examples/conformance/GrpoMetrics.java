package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.MaskedStatistics;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.policy.LossValues;

/**
 * The metrics that TRL's trainer of GRPO reports, of the values that a loss reports at each token.
 *
 * @param values of the loss
 * @param advantages of all completions
 * @param entropies of the policy at each token
 * @param mask the tokens
 * @param sequences whether ratios are those of sequences, over which metrics are averaged then
 */
record GrpoMetrics(
    LossValues values,
    double[] advantages,
    TokenValues entropies,
    CompletionMask mask,
    boolean sequences) {

  private static final String LOW = "clip_ratio/low_mean";
  private static final String HIGH = "clip_ratio/high_mean";
  private static final String PHI = "vespo/phi_seq_mean";

  /** Compares the metrics of a case; those without a counterpart here are passed over. */
  void compare(Check check, Fixture metrics) {
    for (String name : metrics.keys()) {
      metric(name)
          .ifPresent(
              found -> check.close(name, found, metrics.get(name).number(), Tolerance.SINGLE));
    }
  }

  private OptionalDouble metric(String name) {
    return switch (name) {
      case "entropy" -> OptionalDouble.of(MaskedStatistics.mean(entropies, mask));
      case "kl" -> OptionalDouble.of(values.metric("kl_per_token"));
      case LOW, HIGH, "clip_ratio/region_mean" -> OptionalDouble.of(mean(tokens(name), sequences));
      case "clip_ratio/low_min" -> Arrays.stream(means(tokens(LOW))).min();
      case "clip_ratio/high_max" -> Arrays.stream(means(tokens(HIGH))).max();
      case "cispo_clip_ratio" -> OptionalDouble.of(mean(ofPraised(tokens(HIGH)), sequences));
      case PHI -> OptionalDouble.of(mean(tokens(name), true));
      default -> OptionalDouble.empty();
    };
  }

  private double[] tokens(String name) {
    return Objects.requireNonNull(values.metrics().get(name), name);
  }

  private double mean(double[] tokens, boolean ofSequences) {
    return Arrays.stream(ofSequences ? means(tokens) : tokens).average().orElseThrow();
  }

  /** The mean of each sequence. */
  private double[] means(double[] tokens) {
    double[] means = new double[mask.sequences()];
    int from = 0;
    for (int s = 0; s < means.length; s++) {
      int to = from + mask.length(s);
      means[s] = Arrays.stream(tokens, from, to).average().orElseThrow();
      from = to;
    }
    return means;
  }

  private double[] ofPraised(double[] tokens) {
    double[] all = TokenValues.broadcast(advantages, mask).flat();
    IntToDoubleFunction kept = i -> all[i] > 0 ? tokens[i] : 0;
    return IntStream.range(0, tokens.length).mapToDouble(kept).toArray();
  }
}
