package org.alignment4j.rlhf;

/**
 * The value {@code w·Σ_t a_t·h_t/√d + b} of states h with {@code a = softmax(q·h/√d)}, and its fit
 * by Adam to targets. Parameters lie one after the other: q, w, b. Owned by one fit.
 */
final class AttentionValue {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double TINY = 1e-8;

  private final int width;
  private final double[] parameters;
  private final double[] gradients;
  private final double[] first;
  private final double[] second;
  private int examples;
  private int steps;

  AttentionValue(int width) {
    this.width = width;
    this.parameters = new double[2 * width + 1];
    this.gradients = new double[parameters.length];
    this.first = new double[parameters.length];
    this.second = new double[parameters.length];
  }

  double[] parameters() {
    return parameters;
  }

  /** Gradients of the sum of the losses accumulated since the last update. */
  double[] gradients() {
    return gradients;
  }

  double value(float[] states) {
    return projected(pooled(states, attention(states))) + parameters[2 * width];
  }

  /** Adds the gradient of {@code (value − target)²}; gives that loss. */
  double accumulate(float[] states, double target) {
    double scale = 1 / Math.sqrt(width);
    double[] attention = attention(states);
    double[] pooled = pooled(states, attention);
    double mean = projected(pooled);
    double error = mean + parameters[2 * width] - target;
    for (int i = 0; i < width; i++) {
      gradients[width + i] += 2 * error * pooled[i] * scale;
    }
    gradients[2 * width] += 2 * error;
    for (int t = 0; t < attention.length; t++) {
      double own = 0;
      for (int i = 0; i < width; i++) {
        own += parameters[width + i] * states[t * width + i] * scale;
      }
      double byScore = 2 * error * attention[t] * (own - mean) * scale;
      for (int i = 0; i < width; i++) {
        gradients[i] += byScore * states[t * width + i];
      }
    }
    examples++;
    return error * error;
  }

  /** A step of Adam along the mean of what was accumulated. */
  void update(double learningRate) {
    steps++;
    double c1 = 1 - Math.pow(BETA1, steps);
    double c2 = 1 - Math.pow(BETA2, steps);
    for (int i = 0; i < parameters.length; i++) {
      double g = gradients[i] / examples;
      first[i] = BETA1 * first[i] + (1 - BETA1) * g;
      second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
      parameters[i] -= learningRate * (first[i] / c1) / (Math.sqrt(second[i] / c2) + TINY);
      gradients[i] = 0;
    }
    examples = 0;
  }

  private double[] attention(float[] states) {
    double[] scores = new double[states.length / width];
    double most = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < scores.length; t++) {
      for (int i = 0; i < width; i++) {
        scores[t] += parameters[i] * states[t * width + i] / Math.sqrt(width);
      }
      most = Math.max(most, scores[t]);
    }
    double total = 0;
    for (int t = 0; t < scores.length; t++) {
      scores[t] = Math.exp(scores[t] - most);
      total += scores[t];
    }
    for (int t = 0; t < scores.length; t++) {
      scores[t] /= total;
    }
    return scores;
  }

  private double[] pooled(float[] states, double[] attention) {
    double[] pooled = new double[width];
    for (int t = 0; t < attention.length; t++) {
      for (int i = 0; i < width; i++) {
        pooled[i] += attention[t] * states[t * width + i];
      }
    }
    return pooled;
  }

  private double projected(double[] pooled) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += parameters[width + i] * pooled[i];
    }
    return sum / Math.sqrt(width);
  }
}
