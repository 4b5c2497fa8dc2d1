package org.alignment4j.rlhf.data;

import java.util.BitSet;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A sequence for supervised fine-tuning. Immutable.
 *
 * <p>The first token is never learnt, since nothing comes before it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SftExample {

  private final int index;
  private final TokenIds ids;
  private final BitSet learnt;

  /**
   * Creates an example.
   *
   * @param index where it was among those given
   * @param ids all tokens
   * @param learnt indices of the tokens to learn; copied
   * @throws IllegalArgumentException when none can be learnt, naming the example
   */
  public SftExample(int index, TokenIds ids, BitSet learnt) {
    this.index = index;
    this.ids = ids;
    this.learnt = (BitSet) learnt.clone();
    this.learnt.clear(0);
    if (this.learnt.length() > ids.size()) {
      throw new IllegalArgumentException(
          "example %s: learnt must mark some of its %s tokens but marks token %s"
              .formatted(index, ids.size(), this.learnt.length() - 1));
    }
    if (this.learnt.isEmpty()) {
      throw new IllegalArgumentException(
          ("example %s: at least one of its %s tokens must be learnt but its mask is empty; check that"
                  + " it has an assistant's message and that the chat template marks it")
              .formatted(index, ids.size()));
    }
  }

  /** Returns where the example was among those given. */
  public int index() {
    return index;
  }

  /** Returns all tokens. */
  public TokenIds ids() {
    return ids;
  }

  /**
   * Returns which tokens are learnt.
   *
   * @return a copy of the mask; index 0 is never set
   */
  public BitSet learnt() {
    return (BitSet) learnt.clone();
  }

  /** Returns the number of tokens to learn, at least one. */
  public int learntTokens() {
    return learnt.cardinality();
  }
}
