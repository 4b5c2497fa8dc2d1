package org.alignment4j.oversight.weaktostrong;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.api.training.TrainingContext;

/** Logistic regression on some of the numbers of a prompt's text; remembers what it was taught. */
final class LogisticLearner implements RewardLearner<SoftLabel> {
  private static final int STEPS = 400;

  private final int from;
  private final int to;
  final List<List<SoftLabel>> taught = new ArrayList<>();

  /** Sees the numbers from one index to before another. */
  LogisticLearner(int from, int to) {
    this.from = from;
    this.to = to;
  }

  private double[] features(Prompt prompt) {
    String[] numbers = ((Prompt.Text) prompt).text().split(" ", -1);
    double[] x = new double[to - from + 1];
    for (int i = from; i < to; i++) {
      x[i - from] = Double.parseDouble(numbers[i]);
    }
    x[to - from] = 1;
    return x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Override
  public RewardModel train(
      LanguageModel model, List<? extends SoftLabel> examples, TrainingContext context) {
    taught.add(List.copyOf(examples));
    double[][] x = examples.stream().map(e -> features(e.prompt())).toArray(double[][]::new);
    double[] weights = new double[to - from + 1];
    for (int step = 0; step < STEPS; step++) {
      double[] gradient = new double[weights.length];
      for (int e = 0; e < x.length; e++) {
        double pull = examples.get(e).probability() - 1 / (1 + Math.exp(-dot(weights, x[e])));
        for (int i = 0; i < weights.length; i++) {
          gradient[i] += pull * x[e][i] / x.length;
        }
      }
      Arrays.setAll(weights, i -> weights[i] + 2 * gradient[i]);
    }
    return new RewardModel() {
      @Override
      public String id() {
        return "logistic " + Arrays.toString(weights);
      }

      @Override
      public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
        return answers.stream().map(a -> Reward.of(dot(weights, features(a.prompt())))).toList();
      }
    };
  }
}
