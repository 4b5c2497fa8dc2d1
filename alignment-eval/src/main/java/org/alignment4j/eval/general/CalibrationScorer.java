package org.alignment4j.eval.general;

import java.util.HashMap;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceRules;

/** A benchmark's own scores, and how sure the model was of its choice. */
final class CalibrationScorer implements Scorer {

  static final String CONFIDENCE = "confidence";
  static final String CORRECT = "correct";
  static final String BRIER = "brier";
  static final String BRIER_MULTICLASS = "brier_multiclass";

  private final Scorer own;

  CalibrationScorer(Scorer own) {
    this.own = own;
  }

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    Map<String, Score> scores = new HashMap<>(own.score(sample, answer, cancellation));
    double[] sums = ChoiceRules.sums(answer);
    if (!(ChoiceAccuracy.verdict(sample, sums) instanceof Score.Scored verdict)) {
      Score none = new Score.Unscored("every choice has probability 0");
      scores.put(BRIER, none);
      scores.put(BRIER_MULTICLASS, none);
      return scores;
    }
    double[] probabilities = ChoiceRules.probabilities(sums);
    double confidence = 0;
    for (double probability : probabilities) {
      confidence = Math.max(confidence, probability);
    }
    double error = confidence - verdict.value();
    scores.put(CONFIDENCE, new Score.Scored(Math.min(1, confidence)));
    scores.put(CORRECT, verdict);
    scores.put(BRIER, new Score.Scored(error * error));
    scores.put(BRIER_MULTICLASS, multiclass(sample, probabilities));
    return scores;
  }

  private static Score multiclass(Sample sample, double[] probabilities) {
    double sum = 0;
    int right = 0;
    for (int k = 0; k < probabilities.length; k++) {
      boolean target = sample.targets().contains(sample.choices().get(k));
      right += target ? 1 : 0;
      double error = probabilities[k] - (target ? 1 : 0);
      sum += error * error;
    }
    return right == 1
        ? new Score.Scored(sum)
        : new Score.Unscored("the score is that of one right choice but there are " + right);
  }
}
