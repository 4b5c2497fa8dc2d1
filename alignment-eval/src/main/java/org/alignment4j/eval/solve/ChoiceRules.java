package org.alignment4j.eval.solve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.model.ContinuationScore;
import org.apiguardian.api.API;

/**
 * Rules that choose among scored choices, under the names of lm-evaluation-harness. A tie is not a
 * win: no choice is the best one then. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ChoiceRules {

  private ChoiceRules() {}

  /**
   * Returns the log-probability of each choice: what {@code acc} compares.
   *
   * @param answer an answer by likelihood
   * @return sums over tokens, in nats, in the order of the choices
   */
  public static double[] sums(Answer answer) {
    return answer.choiceScores().stream().mapToDouble(ContinuationScore::sum).toArray();
  }

  /**
   * Returns the mean log-probability per token of each choice.
   *
   * @param answer an answer by likelihood
   * @return means over tokens, in nats, in the order of the choices
   */
  public static double[] means(Answer answer) {
    return answer.choiceScores().stream().mapToDouble(score -> score.logProbs().mean()).toArray();
  }

  /**
   * Returns the log-probabilities per character, a code point and not a UTF-16 unit: what {@code
   * acc_norm} compares.
   *
   * @param sums the log-probability of each choice
   * @param choices the choices' texts, without a separator
   * @return sum divided by characters
   * @throws IllegalArgumentException when the numbers differ or a choice is empty
   */
  public static double[] perCharacter(double[] sums, List<String> choices) {
    return per(sums, choices, text -> text.codePointCount(0, text.length()));
  }

  /**
   * Returns the log-probabilities per byte of UTF-8: what {@code acc_bytes} compares.
   *
   * @param sums the log-probability of each choice
   * @param choices the choices' texts, without a separator
   * @return sum divided by bytes
   * @throws IllegalArgumentException when the numbers differ or a choice is empty
   */
  public static double[] perByte(double[] sums, List<String> choices) {
    return per(sums, choices, text -> text.getBytes(UTF_8).length);
  }

  private static double[] per(double[] sums, List<String> choices, ToIntFunction<String> length) {
    if (sums.length != choices.size()) {
      throw new IllegalArgumentException(
          "sums must have one value per choice (" + choices.size() + ") but had " + sums.length);
    }
    double[] scores = new double[sums.length];
    for (int i = 0; i < scores.length; i++) {
      int size = length.applyAsInt(choices.get(i));
      if (size == 0) {
        throw new IllegalArgumentException("choices must not be empty but choice " + i + " is");
      }
      scores[i] = sums[i] / size;
    }
    return scores;
  }

  /**
   * Returns the best choice.
   *
   * @param scores the score of each choice, none NaN
   * @return the index of the only highest score; empty at a tie and of nothing
   */
  public static OptionalInt best(double[] scores) {
    double highest = Arrays.stream(scores).max().orElse(Double.NaN);
    int[] at = IntStream.range(0, scores.length).filter(i -> scores[i] == highest).toArray();
    return at.length == 1 ? OptionalInt.of(at[0]) : OptionalInt.empty();
  }

  /**
   * Returns the probability of each choice given that one of them is chosen. The greatest
   * log-probability is taken off first, so that long choices do not underflow.
   *
   * @param sums the log-probability of each choice
   * @return probabilities that sum to 1; all NaN when no choice is possible
   */
  public static double[] probabilities(double[] sums) {
    double highest = Arrays.stream(sums).max().orElse(Double.NaN);
    double[] weights = Arrays.stream(sums).map(sum -> Math.exp(sum - highest)).toArray();
    double total = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }
}
