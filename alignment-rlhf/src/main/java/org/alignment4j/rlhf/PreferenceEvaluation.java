package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.PairwiseAccuracy;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.PreferenceLosses;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * How well a model's implicit rewards agree with held-out preferences. A pair whose label is right
 * with probability p says with p that {@code chosen} is the better answer and with 1 − p that
 * {@code rejected} is, as in training: every figure is the expectation over both, and a pair and
 * its {@linkplain PreferencePair#swapped() swapped} form give the same. Margins of pairs are not
 * read. Intervals are at level 0.95 and count the pairs of one prompt as dependent on each other,
 * so that there is none when all pairs have the same prompt.
 *
 * @param accuracy how often the better answer has the higher implicit reward, equal rewards counted
 *     one half, as in {@link org.alignment4j.rlhf.reward.RewardEvaluation}, with Wilson's interval
 *     at the effective number of pairs; ½ of a model that is its own reference
 * @param accuracyCeiling the highest accuracy that any model can have on these labels, the mean of
 *     {@code max(p, 1 − p)}
 * @param longerBaseline how often the better answer is the one with more tokens, equal lengths
 *     counted one half, with the same kind of interval. An accuracy within this interval may be a
 *     preference for length
 * @param ties pairs with equal implicit rewards
 * @param margin mean of {@code (2p − 1)} times the difference of implicit rewards
 * @param loss mean of {@code p·L(w, l) + (1−p)·L(l, w)} over the pairs
 * @param report what happened to the pairs on their way to tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PreferenceEvaluation(
    Estimate accuracy,
    double accuracyCeiling,
    Estimate longerBaseline,
    long ties,
    Estimate margin,
    double loss,
    EncodingReport report) {

  /**
   * Evaluates a model.
   *
   * @param model the trained model
   * @param reference what it was trained from
   * @param heldOut pairs it was not trained on
   * @param loss gives the scale of the rewards
   * @param limits how long examples may be
   * @return the evaluation
   * @throws IllegalArgumentException when a pair has an empty answer or equal answers (naming its
   *     index), or none can be used
   */
  public static PreferenceEvaluation of(
      DecoderModel model,
      DecoderModel reference,
      List<? extends PreferencePair> heldOut,
      PreferenceLoss loss,
      SequenceLimits limits) {
    PreferenceExamples encoded = PreferenceExamples.encode(heldOut, Encoders.of(model), limits);
    List<PreferenceExample> examples = encoded.examples();
    RowPlan plan = RowPlans.ofPairs(examples);
    AnswerLogProbs policy = AnswerLogProbs.of(model, examples, plan, CancellationToken.none());
    AnswerLogProbs frozen = AnswerLogProbs.of(reference, examples, plan, CancellationToken.none());
    return of(examples, policy, frozen, loss, encoded.report());
  }

  static PreferenceEvaluation of(
      List<PreferenceExample> examples,
      AnswerLogProbs policy,
      AnswerLogProbs frozen,
      PreferenceLoss loss,
      EncodingReport report) {
    int n = examples.size();
    double[] probabilities =
        examples.stream().mapToDouble(PreferenceExample::probability).toArray();
    double[] margins = new double[n];
    double[] expectedMargins = new double[n];
    double[] lengthDifferences = new double[n];
    double[] chosenLengths = new double[n];
    double[] rejectedLengths = new double[n];
    for (int i = 0; i < n; i++) {
      double c = policy.chosen()[i] - frozen.chosen()[i];
      double r = policy.rejected()[i] - frozen.rejected()[i];
      margins[i] = loss.beta() * (c - r);
      expectedMargins[i] = (2 * probabilities[i] - 1) * margins[i];
      chosenLengths[i] = examples.get(i).chosen().size();
      rejectedLengths[i] = examples.get(i).rejected().size();
      lengthDifferences[i] = chosenLengths[i] - rejectedLengths[i];
    }
    double[] losses =
        PreferenceLosses.evaluate(
                loss,
                policy.chosen(),
                policy.rejected(),
                frozen.chosen(),
                frozen.rejected(),
                chosenLengths,
                rejectedLengths)
            .losses();
    double[] opposite =
        PreferenceLosses.evaluate(
                loss,
                policy.rejected(),
                policy.chosen(),
                frozen.rejected(),
                frozen.chosen(),
                rejectedLengths,
                chosenLengths)
            .losses();
    int[] prompts = prompts(examples);
    return new PreferenceEvaluation(
        PairwiseAccuracy.of(margins, probabilities, prompts),
        PairwiseAccuracy.ceiling(probabilities),
        PairwiseAccuracy.of(lengthDifferences, probabilities, prompts),
        Arrays.stream(margins).filter(m -> m == 0).count(),
        Estimates.clusteredMean(expectedMargins, prompts),
        expectedLoss(losses, opposite, probabilities),
        report);
  }

  /** Prompts as numbers, equal for equal tokens. */
  private static int[] prompts(List<PreferenceExample> examples) {
    Map<TokenIds, Integer> numbers = new HashMap<>();
    return examples.stream()
        .mapToInt(e -> numbers.computeIfAbsent(e.prompt(), p -> numbers.size()))
        .toArray();
  }

  private static double expectedLoss(double[] losses, double[] opposite, double[] probabilities) {
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      double p = probabilities[i];
      sum += (p == 0 ? 0 : p * losses[i]) + (p == 1 ? 0 : (1 - p) * opposite[i]);
    }
    return sum / losses.length;
  }
}
