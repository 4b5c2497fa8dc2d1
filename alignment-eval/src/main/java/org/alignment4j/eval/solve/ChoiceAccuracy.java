package org.alignment4j.eval.solve;

import java.util.Map;
import java.util.OptionalInt;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;
import org.apiguardian.api.API;

/**
 * Whether the most likely choice is a right one, under three rules: {@value #ACC} by the sum of
 * log-probabilities, {@value #ACC_NORM} per character, {@value #ACC_BYTES} per byte of UTF-8. A tie
 * is wrong; choices that are all impossible have no verdict. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChoiceAccuracy() implements Scorer {

  /** By the sum of log-probabilities. */
  public static final String ACC = "acc";

  /** By log-probability per character. */
  public static final String ACC_NORM = "acc_norm";

  /** By log-probability per byte. */
  public static final String ACC_BYTES = "acc_bytes";

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    double[] sums = ChoiceRules.sums(answer);
    return Map.of(
        ACC, verdict(sample, sums),
        ACC_NORM, verdict(sample, ChoiceRules.perCharacter(sums, sample.choices())),
        ACC_BYTES, verdict(sample, ChoiceRules.perByte(sums, sample.choices())));
  }

  /**
   * Returns 1 when the only highest score is that of a right choice, otherwise 0.
   *
   * @param sample what was asked
   * @param scores the score of each choice
   * @return the verdict; none when all choices are impossible
   */
  public static Score verdict(Sample sample, double[] scores) {
    if (impossible(scores)) {
      return new Score.Unscored("every choice has probability 0");
    }
    OptionalInt best = ChoiceRules.best(scores);
    boolean right =
        best.isPresent() && sample.targets().contains(sample.choices().get(best.getAsInt()));
    return new Score.Scored(right ? 1 : 0);
  }

  private static boolean impossible(double[] scores) {
    for (double score : scores) {
      if (score > Double.NEGATIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }
}
