package org.alignment4j.interp.memory;

import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/** Sees a layer's neurons at every token of a corpus, in its order, from one thread. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface NeuronObserver {

  /**
   * One token.
   *
   * @param sequence number of the sequence within the corpus, from 0
   * @param tokens the sequence
   * @param position place of the token within it
   * @param neurons after activation and gating, {@code [m]}; the observer's own
   */
  void observe(long sequence, TokenIds tokens, int position, float[] neurons);

  /**
   * This observer, followed by another.
   *
   * @param next sees each token after this one
   */
  default NeuronObserver andThen(NeuronObserver next) {
    return (sequence, tokens, position, neurons) -> {
      observe(sequence, tokens, position, neurons);
      next.observe(sequence, tokens, position, neurons.clone());
    };
  }
}
