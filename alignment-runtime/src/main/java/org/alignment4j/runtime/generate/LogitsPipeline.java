package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * Logits processors in the order in which they act. Immutable and thread-safe.
 *
 * @param processors applied first to last
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LogitsPipeline(List<LogitsProcessor> processors) {

  public LogitsPipeline {
    processors = List.copyOf(processors);
  }

  /**
   * The processors that options ask for, in the order of Hugging Face's {@code generate}:
   * repetition penalty, no-repeat n-gram, forbidden tokens, temperature, top-k, top-p, min-p,
   * typical, epsilon cutoff, eta cutoff. Neutral values add nothing, and greedy options stop before
   * the temperature.
   *
   * @param options how completions are sampled
   * @param eosTokenIds end-of-sequence ids, removed when {@code options.ignoreEos()}
   * @return the pipeline
   */
  public static LogitsPipeline of(SamplingOptions options, Set<Integer> eosTokenIds) {
    List<LogitsProcessor> processors = new ArrayList<>();
    if (options.repetitionPenalty() != 1) {
      processors.add(new RepetitionPenalty(options.repetitionPenalty()));
    }
    if (options.noRepeatNgramSize() > 0) {
      processors.add(new NoRepeatNgram(options.noRepeatNgramSize()));
    }
    if (options.ignoreEos() && !eosTokenIds.isEmpty()) {
      processors.add(new ForbiddenTokens(eosTokenIds));
    }
    if (!options.isGreedy()) {
      addWarpers(options, processors);
    }
    return new LogitsPipeline(processors);
  }

  private static void addWarpers(SamplingOptions options, List<LogitsProcessor> processors) {
    if (options.temperature() != 1) {
      processors.add(new Temperature(options.temperature()));
    }
    if (options.topK() > 0) {
      processors.add(new TopK(options.topK()));
    }
    if (options.topP() < 1) {
      processors.add(new TopP(options.topP()));
    }
    if (options.minP() > 0) {
      processors.add(new MinP(options.minP()));
    }
    if (options.typicalP() < 1) {
      processors.add(new TypicalP(options.typicalP()));
    }
    if (options.epsilonCutoff() > 0) {
      processors.add(new EpsilonCutoff(options.epsilonCutoff()));
    }
    if (options.etaCutoff() > 0) {
      processors.add(new EtaCutoff(options.etaCutoff()));
    }
  }

  /**
   * Processes a row.
   *
   * @param logits raw logits {@code [vocabSize]}, left as they are
   * @param tokens the sequence so far, prompt first, then what was generated
   * @param length how many of {@code tokens} count
   * @return processed scores {@code [vocabSize]}; removed tokens are negative infinity
   * @throws IllegalArgumentException when a token is outside the vocabulary
   */
  public double[] apply(double[] logits, int[] tokens, int length) {
    return applyInPlace(logits.clone(), tokens, length);
  }

  /**
   * Processes a row of float32 logits in double.
   *
   * @param logits raw logits {@code [vocabSize]}, left as they are
   * @param tokens the sequence so far, prompt first, then what was generated
   * @param length how many of {@code tokens} count
   * @return processed scores {@code [vocabSize]}; removed tokens are negative infinity
   * @throws IllegalArgumentException when a token is outside the vocabulary
   */
  public double[] apply(float[] logits, int[] tokens, int length) {
    double[] scores = new double[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = logits[i];
    }
    return applyInPlace(scores, tokens, length);
  }

  /** As {@link #apply(double[], int[], int)}, changing and returning the given row. */
  double[] applyInPlace(double[] scores, int[] tokens, int length) {
    if (length < 0 || length > tokens.length) {
      throw new IllegalArgumentException(
          "length must be in [0, " + tokens.length + "] but was " + length);
    }
    for (LogitsProcessor processor : processors) {
      processor.apply(scores, tokens, length);
    }
    return scores;
  }
}
