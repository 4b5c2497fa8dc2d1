package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * One transform of a row of next-token logits. The transforms and their treatment of ties are those
 * of Hugging Face transformers 4.47 ({@code generation/logits_process.py}); all arithmetic is in
 * double. Implementations are stateless and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface LogitsProcessor
    permits RepetitionPenalty,
        NoRepeatNgram,
        ForbiddenTokens,
        Temperature,
        TopK,
        TopP,
        MinP,
        TypicalP,
        EpsilonCutoff,
        EtaCutoff {

  /** The score of a token that can no longer be drawn. */
  double REMOVED = Double.NEGATIVE_INFINITY;

  /**
   * Transforms a row in place.
   *
   * @param scores logits {@code [vocabSize]}, none NaN; removed tokens become {@link #REMOVED}
   * @param tokens the sequence so far, prompt first, then what was generated
   * @param length how many of {@code tokens} count; the rest is ignored
   * @throws IllegalArgumentException when a token that counts is outside the vocabulary
   */
  void apply(double[] scores, int[] tokens, int length);
}
