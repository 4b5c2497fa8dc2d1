package org.alignment4j.runtime.train;

import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/** What a language model's head gives besides the labels' log-probabilities, emitted on demand. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface HeadValues {

  /**
   * Emits the mean log-probability over the vocabulary. It needs the whole distribution, {@code
   * [rows, vocab]}, forwards and backwards.
   *
   * @return {@code [rows]}
   * @throws IllegalStateException when the head is that of a sequence classifier
   */
  Value meanLogProbs();
}
