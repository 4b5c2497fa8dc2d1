package org.alignment4j.rlhf;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * Steps of PPO, and of PPO-Lagrangian, written out in float64 over one policy and its critics: the
 * forward passes, rewards of tokens, advantages, both losses, gradients by central differences, and
 * descent.
 */
final class NaivePpo {

  static final int VOCAB = 11;
  static final int HIDDEN = 8;
  static final int LENGTH = 4;
  static final int END = 2;
  static final double RATE = 0.1;
  static final double BETA = 0.3;
  static final double CLIP = 0.1;
  static final double VALUE_CLIP = 0.05;
  static final double COEFFICIENT = 0.5;
  static final double GAMMA = 0.97;
  static final double LAMBDA = 0.9;
  static final double BUDGET = 0.5;
  static final int EPOCHS = 2;

  /** A choice of what methods leave open. */
  record Variant(
      KlEstimator kl,
      boolean afterEnd,
      boolean bootstrapped,
      boolean whitened,
      boolean rewardsWhitened,
      Variance variance,
      boolean constrained) {}

  private final Variant variant;
  private final Float64Decoder policy;
  private final Float64Decoder reference;
  private final List<Float64Decoder> critics = new ArrayList<>();
  private double multiplier = 1;
  private final List<Double> costs = new ArrayList<>();

  NaivePpo(Variant variant, Weights policy, List<Weights> critics) {
    this.variant = variant;
    this.policy = decoder(policy);
    this.reference = decoder(policy);
    critics.forEach(w -> this.critics.add(decoder(w)));
  }

  private static Float64Decoder decoder(Weights from) {
    return new Float64Decoder("llama", VOCAB, HIDDEN, 1, from);
  }

  private double divergence(double policy, double reference) {
    double d = policy - reference;
    return switch (variant.kl()) {
      case K1 -> d;
      case ABSOLUTE_K1 -> Math.abs(d);
      case K2 -> d * d / 2;
      case K3 -> Math.exp(-d) - 1 + d;
    };
  }

  /** Values or rewards a completion has. */
  private int steps(Rollout r) {
    int n = r.tokens().size();
    return variant.afterEnd() && n < LENGTH ? n + 1 : n;
  }

  /** Advantages and returns of one reward or cost. */
  private double[][][] estimate(
      List<Rollout> rollouts,
      double[][] old,
      double sign,
      ToDoubleFunction<Rollout> score,
      double[][] values) {
    double[][] rewards = new double[rollouts.size()][];
    for (int i = 0; i < rewards.length; i++) {
      Rollout r = rollouts.get(i);
      double[] ref = reference.logProbs(r.promptTokens(), r.tokens());
      rewards[i] = new double[steps(r)];
      for (int t = 0; t < ref.length; t++) {
        rewards[i][t] = sign * BETA * divergence(old[i][t], ref[t]);
      }
      rewards[i][steps(r) - 1] += score.applyAsDouble(r);
    }
    if (variant.rewardsWhitened()) {
      whiten(rewards, true);
    }
    double[][] advantages = new double[rewards.length][];
    double[][] returns = new double[rewards.length][];
    for (int i = 0; i < rewards.length; i++) {
      int n = rewards[i].length;
      advantages[i] = new double[n];
      returns[i] = new double[n];
      boolean open = variant.bootstrapped() && rollouts.get(i).truncated();
      for (int t = 0; t < n; t++) {
        double factor = 1;
        for (int k = t; k < n; k++) {
          double next = k + 1 < n ? values[i][k + 1] : open ? values[i][n] : 0;
          advantages[i][t] += factor * (rewards[i][k] + GAMMA * next - values[i][k]);
          factor *= GAMMA * LAMBDA;
        }
        returns[i][t] = advantages[i][t] + values[i][t];
      }
    }
    if (variant.whitened()) {
      double[][] ofTokens = new double[advantages.length][];
      for (int i = 0; i < advantages.length; i++) {
        ofTokens[i] = java.util.Arrays.copyOf(advantages[i], old[i].length);
      }
      whiten(ofTokens, false);
      advantages = ofTokens;
    }
    return new double[][][] {advantages, returns};
  }

  private void whiten(double[][] values, boolean keepMean) {
    double n = 0;
    double sum = 0;
    for (double[] row : values) {
      for (double v : row) {
        sum += v;
        n++;
      }
    }
    double mean = sum / n;
    double squares = 0;
    for (double[] row : values) {
      for (double v : row) {
        squares += (v - mean) * (v - mean);
      }
    }
    double deviation =
        Math.sqrt(squares / (variant.variance() == Variance.BESSEL ? n - 1 : n) + 1e-8);
    for (double[] row : values) {
      for (int t = 0; t < row.length; t++) {
        row[t] = (row[t] - mean) / deviation + (keepMean ? mean : 0);
      }
    }
  }

  private double[][] values(Float64Decoder critic, List<Rollout> rollouts) {
    return rollouts.stream()
        .map(r -> critic.scores(r.promptTokens(), r.tokens(), SequenceScores.WEIGHT))
        .toArray(double[][]::new);
  }

  private double policyLoss(List<Rollout> rollouts, double[][] old, double[][] advantages) {
    double sum = 0;
    double tokens = 0;
    for (int i = 0; i < old.length; i++) {
      Rollout r = rollouts.get(i);
      double[] now = policy.logProbs(r.promptTokens(), r.tokens());
      for (int t = 0; t < now.length; t++) {
        double ratio = Math.exp(now[t] - old[i][t]);
        double clipped = Math.max(1 - CLIP, Math.min(1 + CLIP, ratio));
        sum -= Math.min(ratio * advantages[i][t], clipped * advantages[i][t]);
        tokens++;
      }
    }
    return sum / tokens;
  }

  private double valueLoss(
      Float64Decoder critic, List<Rollout> rollouts, double[][] old, double[][] returns) {
    double[][] now = values(critic, rollouts);
    double sum = 0;
    double states = 0;
    for (int i = 0; i < now.length; i++) {
      for (int t = 0; t < returns[i].length; t++) {
        double moved = Math.max(-VALUE_CLIP, Math.min(VALUE_CLIP, now[i][t] - old[i][t]));
        double free = now[i][t] - returns[i][t];
        double clipped = old[i][t] + moved - returns[i][t];
        sum += Math.max(free * free, clipped * clipped) / 2;
        states++;
      }
    }
    return sum / states;
  }

  /** Policy loss and value losses of a step, each a mean over its updates; and λ. */
  double[] step(List<Rollout> rollouts) {
    double[][] old =
        rollouts.stream()
            .map(r -> policy.logProbs(r.promptTokens(), r.tokens()))
            .toArray(double[][]::new);
    List<double[][]> values = critics.stream().map(c -> values(c, rollouts)).toList();
    List<double[][][]> learned = new ArrayList<>();
    learned.add(estimate(rollouts, old, -1, NaivePpo::reward, values.get(0)));
    double[][] advantages = learned.get(0)[0];
    if (variant.constrained()) {
      learned.add(estimate(rollouts, old, 1, NaivePpo::cost, values.get(1)));
      rollouts.forEach(r -> costs.add(cost(r)));
      double mean = costs.stream().mapToDouble(c -> c).average().orElseThrow();
      multiplier *= Math.exp(0.1 * multiplier * (mean - BUDGET));
      double[][] ofCosts = learned.get(1)[0];
      double[][] both = new double[advantages.length][];
      for (int i = 0; i < both.length; i++) {
        both[i] = new double[advantages[i].length];
        for (int t = 0; t < both[i].length; t++) {
          both[i][t] = (advantages[i][t] - multiplier * ofCosts[i][t]) / (1 + multiplier);
        }
      }
      advantages = both;
    }
    double[] told = new double[2 + critics.size()];
    double[][] wanted = advantages;
    for (int e = 0; e < EPOCHS; e++) {
      told[0] += policyLoss(rollouts, old, wanted) / EPOCHS;
      descend(policy, 1, () -> policyLoss(rollouts, old, wanted));
      for (int c = 0; c < critics.size(); c++) {
        Float64Decoder critic = critics.get(c);
        double[][] before = values.get(c);
        double[][] returns = learned.get(c)[1];
        told[2 + c] += valueLoss(critic, rollouts, before, returns) / EPOCHS;
        descend(critic, COEFFICIENT, () -> valueLoss(critic, rollouts, before, returns));
      }
    }
    told[1] = multiplier;
    return told;
  }

  /** The policy as it is. */
  Float64Decoder policy() {
    return policy;
  }

  /** A critic as it is, that of rewards before that of costs. */
  Float64Decoder critic(int index) {
    return critics.get(index);
  }

  static double reward(Rollout r) {
    return r.tokens().stream().filter(t -> t > 5).count() - 0.5 * r.tokens().size();
  }

  static double cost(Rollout r) {
    return r.tokens().stream().filter(t -> t % 2 == 1).count();
  }

  private static void descend(
      Float64Decoder model, double factor, java.util.function.DoubleSupplier loss) {
    double h = 1e-5;
    Map<String, double[]> gradients = new LinkedHashMap<>();
    model
        .weights()
        .forEach(
            (name, values) -> {
              double[] gradient = new double[values.length];
              for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + h;
                double above = loss.getAsDouble();
                values[i] = value - h;
                gradient[i] = (above - loss.getAsDouble()) / (2 * h);
                values[i] = value;
              }
              gradients.put(name, gradient);
            });
    gradients.forEach(
        (name, gradient) -> {
          double[] values = model.weights().get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] -= factor * RATE * gradient[i];
          }
        });
  }

  static double distance(Weights a, Float64Decoder b) {
    double sum = 0;
    for (Map.Entry<String, double[]> entry : b.weights().entrySet()) {
      FloatBuffer values = a.get(entry.getKey()).data();
      for (int i = 0; i < entry.getValue().length; i++) {
        double gap = values.get(i) - entry.getValue()[i];
        sum += gap * gap;
      }
    }
    return Math.sqrt(sum);
  }
}
