package org.alignment4j.eval.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;

/**
 * Mean and deviation of the log-probability of the vocabulary at each token of a text, under the
 * model's own distribution there.
 */
final class VocabularyMoments {
  private final double[] means;
  private final double[] deviations;

  private VocabularyMoments(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  double[] means() {
    return means;
  }

  double[] deviations() {
    return deviations;
  }

  /** The moments of texts, each after nothing but the beginning-of-sequence token. */
  static List<VocabularyMoments> of(
      HookedModel model, List<TokenIds> texts, CancellationToken cancellation) {
    TokenIds beginning = beginning(model);
    List<TokenIds> sequences = texts.stream().map(beginning::concat).toList();
    List<VocabularyMoments> moments = new ArrayList<>(texts.size());
    try (ForwardResult result = model.forward(sequences).execute(cancellation)) {
      for (int row = 0; row < texts.size(); row++) {
        int tokens = texts.get(row).size();
        double[] means = new double[tokens];
        double[] deviations = new double[tokens];
        for (int i = 0; i < tokens; i++) {
          moments(result.logits(row, i), i, means, deviations);
        }
        moments.add(new VocabularyMoments(means, deviations));
      }
    }
    return moments;
  }

  private static TokenIds beginning(HookedModel model) {
    OptionalInt beginning = model.tokenizer().bosId();
    if (beginning.isEmpty()) {
      beginning = model.tokenizer().eosIds().stream().mapToInt(Integer::intValue).min();
    }
    return TokenIds.of(
        beginning.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model '"
                        + model.id()
                        + "' must have a token for the beginning or end of a text, for Min-K%++,"
                        + " but has none; leave this score out")));
  }

  static void moments(float[] logits, int at, double[] means, double[] deviations) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double normaliser = 0;
    for (float logit : logits) {
      normaliser += Math.exp(logit - largest);
    }
    double log = largest + Math.log(normaliser);
    double mean = 0;
    for (float logit : logits) {
      double logProb = logit - log;
      double probability = Math.exp(logProb);
      mean += probability > 0 ? probability * logProb : 0;
    }
    double variance = 0;
    for (float logit : logits) {
      double logProb = logit - log;
      double probability = Math.exp(logProb);
      variance += probability > 0 ? probability * (logProb - mean) * (logProb - mean) : 0;
    }
    means[at] = mean;
    deviations[at] = Math.sqrt(variance);
  }
}
