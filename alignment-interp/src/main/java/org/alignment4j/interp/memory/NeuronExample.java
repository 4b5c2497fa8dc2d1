package org.alignment4j.interp.memory;

import java.util.OptionalInt;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A token of a corpus at which a neuron was looked at.
 *
 * @param activation the neuron's activation, the coefficient of its value
 * @param sequence number of the sequence within the corpus, from 0
 * @param position place of the token within the sequence
 * @param tokens the whole sequence
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronExample(double activation, long sequence, int position, TokenIds tokens) {

  /** The sequence up to this token: what triggered the neuron's key. */
  public TokenIds prefix() {
    return tokens.slice(0, position + 1);
  }

  /** The token after this one; empty at the sequence's end. */
  public OptionalInt next() {
    return position + 1 < tokens.size()
        ? OptionalInt.of(tokens.get(position + 1))
        : OptionalInt.empty();
  }
}
