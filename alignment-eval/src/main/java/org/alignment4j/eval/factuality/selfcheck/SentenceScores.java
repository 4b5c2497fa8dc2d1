package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.model.Usage;

/** Replies about every sentence and sample, in order, as scores of sentences. */
final class SentenceScores {

  private SentenceScores() {}

  /**
   * Takes the mean over the samples of each sentence.
   *
   * @param replies one for each passage, sentence and sample, the sample changing fastest
   * @param value what a reply says; empty when it is unclear
   * @param usage what a reply cost
   * @param unclear what an unclear reply counts as; empty to leave it out. A sentence of which all
   *     are unclear has no score in either case
   */
  static <T> List<List<SentenceScore>> regrouped(
      List<SampledPassage> passages,
      List<T> replies,
      Function<T, OptionalDouble> value,
      Function<T, Usage> usage,
      OptionalDouble unclear) {
    List<List<SentenceScore>> scores = new ArrayList<>();
    int at = 0;
    for (SampledPassage passage : passages) {
      List<SentenceScore> own = new ArrayList<>();
      for (int s = 0; s < passage.sentences().size(); s++) {
        List<T> about = replies.subList(at, at + passage.samples().size());
        at += about.size();
        own.add(
            mean(
                about.stream().map(value).toList(),
                unclear,
                about.stream().map(usage).reduce(Usage.NONE, Usage::plus)));
      }
      scores.add(List.copyOf(own));
    }
    return List.copyOf(scores);
  }

  private static SentenceScore mean(
      List<OptionalDouble> values, OptionalDouble unclear, Usage usage) {
    double sum = 0;
    int clear = 0;
    for (OptionalDouble value : values) {
      sum += value.orElse(unclear.orElse(0));
      clear += value.isPresent() ? 1 : 0;
    }
    int counted = unclear.isPresent() ? values.size() : clear;
    return new SentenceScore(
        clear == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / counted),
        values.size(),
        values.size() - clear,
        usage);
  }
}
