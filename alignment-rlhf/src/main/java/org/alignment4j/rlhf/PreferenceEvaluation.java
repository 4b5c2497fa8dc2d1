package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.PairwiseAccuracy;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.UpdateLengths;
import org.alignment4j.rlhf.loss.PairValues;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.PreferenceLossValues;
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
 * @param longerBaseline the length baseline: how often the better answer is the one with more
 *     tokens, equal lengths counted one half, with the same kind of interval. An accuracy within
 *     this interval may be a preference for length
 * @param ties pairs with equal implicit rewards
 * @param margin mean of {@code (2p − 1)} times the difference of implicit rewards
 * @param loss mean of {@code p·L(w, l) + (1−p)·L(l, w)} over the pairs, which are one update to a
 *     loss that depends on it
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
   * @param reference what it was trained from; not run for a loss without reference
   * @param heldOut pairs it was not trained on
   * @param loss defines the rewards
   * @param limits how long examples may be
   * @return the evaluation
   * @throws IllegalArgumentException when a pair has an empty answer or equal answers, or an
   *     uncertain label that the loss does not take (naming its index), or none can be used
   */
  public static PreferenceEvaluation of(
      DecoderModel model,
      DecoderModel reference,
      List<? extends PreferencePair> heldOut,
      PreferenceLoss loss,
      SequenceLimits limits) {
    PreferenceExamples encoded = PreferenceExamples.encode(heldOut, Encoders.of(model), limits);
    List<PreferenceExample> examples = encoded.examples();
    CertainLabels.require(loss, examples);
    EvaluatedPairs pairs = new EvaluatedPairs(examples, loss.inputs());
    return of(
        examples,
        pairs.values(model, Optional.of(reference).filter(r -> loss.usesReference())),
        loss,
        encoded.report());
  }

  /**
   * Evaluates a model that was trained without reference.
   *
   * @param model the trained model
   * @param heldOut pairs it was not trained on
   * @param loss defines the rewards; one without reference
   * @param limits how long examples may be
   * @return the evaluation
   * @throws IllegalArgumentException when the loss uses a reference, a pair has an empty answer or
   *     equal answers, or an uncertain label that the loss does not take (naming its index), or
   *     none can be used
   */
  public static PreferenceEvaluation of(
      DecoderModel model,
      List<? extends PreferencePair> heldOut,
      PreferenceLoss loss,
      SequenceLimits limits) {
    if (loss.usesReference()) {
      throw new IllegalArgumentException(
          "loss must be one without reference but was " + loss + "; give the reference model");
    }
    return of(model, model, heldOut, loss, limits);
  }

  static PreferenceEvaluation of(
      List<PreferenceExample> examples,
      PairValues values,
      PreferenceLoss loss,
      EncodingReport report) {
    PairValues pairs = values.update(UpdateLengths.of(examples));
    int n = examples.size();
    double[] probabilities =
        examples.stream().mapToDouble(PreferenceExample::probability).toArray();
    double[] lengthDifferences =
        examples.stream()
            .mapToDouble(e -> (double) e.chosen().size() - e.rejected().size())
            .toArray();
    PreferenceLossValues likely = PreferenceLosses.evaluate(loss, pairs);
    PreferenceLossValues opposite = PreferenceLosses.evaluate(loss, pairs.swapped());
    double[] margins = new double[n];
    double[] expectedMargins = new double[n];
    for (int i = 0; i < n; i++) {
      margins[i] = likely.chosenRewards()[i] - likely.rejectedRewards()[i];
      expectedMargins[i] = (2 * probabilities[i] - 1) * margins[i];
    }
    int[] prompts = prompts(examples);
    return new PreferenceEvaluation(
        PairwiseAccuracy.of(margins, probabilities, prompts),
        PairwiseAccuracy.ceiling(probabilities),
        PairwiseAccuracy.of(lengthDifferences, probabilities, prompts),
        Arrays.stream(margins).filter(m -> m == 0).count(),
        Estimates.clusteredMean(expectedMargins, prompts),
        expectedLoss(likely.losses(), opposite.losses(), probabilities),
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
