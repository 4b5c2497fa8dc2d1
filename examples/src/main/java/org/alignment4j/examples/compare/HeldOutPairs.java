package org.alignment4j.examples.compare;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;

/** Pairs to evaluate losses on, and their log-probabilities under the model methods start from. */
final class HeldOutPairs {

  private static final int MAX_LENGTH = 512;

  private final List<PreferenceExample> examples;
  private final Lazy<Scores> reference;

  HeldOutPairs(List<PreferencePair> pairs, DecoderModel start) {
    this.examples =
        PreferenceExamples.encode(pairs, Likelihoods.encoder(start), SequenceLimits.of(MAX_LENGTH))
            .examples();
    this.reference = new Lazy<>(() -> scores(start));
  }

  /**
   * Log-probabilities of both answers, and of as many of their first tokens as both have.
   *
   * @param chosen of the preferred answers
   * @param rejected of the others
   * @param sharedChosen of the beginnings of the preferred answers
   * @param sharedRejected of the beginnings of the others
   */
  record Scores(
      double[] chosen, double[] rejected, double[] sharedChosen, double[] sharedRejected) {}

  List<PreferenceExample> examples() {
    return examples;
  }

  /** The prompt of each pair. */
  List<String> prompts() {
    return examples.stream().map(e -> e.prompt().toString()).toList();
  }

  Scores reference() {
    return reference.get();
  }

  Scores scores(DecoderModel model) {
    int n = examples.size();
    List<TokenIds> prompts =
        Stream.concat(examples.stream(), examples.stream()).map(PreferenceExample::prompt).toList();
    List<TokenIds> answers =
        Stream.concat(
                examples.stream().map(PreferenceExample::chosen),
                examples.stream().map(PreferenceExample::rejected))
            .toList();
    List<LogProbs> scores = Likelihoods.of(model, prompts, answers);
    return new Scores(
        sums(scores.subList(0, n), false),
        sums(scores.subList(n, 2 * n), false),
        sums(scores.subList(0, n), true),
        sums(scores.subList(n, 2 * n), true));
  }

  private double[] sums(List<LogProbs> scores, boolean shared) {
    return IntStream.range(0, scores.size())
        .mapToDouble(
            i -> {
              LogProbs own = scores.get(i);
              int tokens = shared ? examples.get(i).sharedTokens() : own.size();
              return IntStream.range(0, tokens).mapToDouble(own::get).sum();
            })
        .toArray();
  }
}
