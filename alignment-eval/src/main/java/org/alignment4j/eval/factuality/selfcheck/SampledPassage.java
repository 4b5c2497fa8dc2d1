package org.alignment4j.eval.factuality.selfcheck;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A passage with other answers to the same prompt.
 *
 * @param sentences the passage's sentences, in order; together they are the whole passage
 * @param samples other answers, at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampledPassage(List<String> sentences, List<String> samples) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no sample
   */
  public SampledPassage {
    sentences = List.copyOf(sentences);
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("samples must contain at least one but were none");
    }
  }
}
