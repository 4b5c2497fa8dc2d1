package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A prompt with free slots and the continuation it should bring about. The loss is the mean
 * negative log-likelihood of the target's tokens.
 *
 * @param prompt the whole prompt as tokens, the present content of the slots included
 * @param slotStart first position of the prompt that may change
 * @param slotEnd last position that may change, exclusive
 * @param target the continuation wanted, not empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GradientRequest(TokenIds prompt, int slotStart, int slotEnd, TokenIds target) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the slots are empty or outside the prompt, or the target
   *     is empty
   */
  public GradientRequest {
    Objects.requireNonNull(prompt, "prompt");
    if (slotStart < 0 || slotEnd > prompt.size() || slotStart >= slotEnd) {
      throw new IllegalArgumentException(
          "slots must be a non-empty range within the prompt's "
              + prompt.size()
              + " tokens but were ["
              + slotStart
              + ", "
              + slotEnd
              + ")");
    }
    if (target.isEmpty()) {
      throw new IllegalArgumentException("target must not be empty: there is no loss");
    }
  }

  /**
   * Returns this request with other tokens in the slots.
   *
   * @param tokens as many tokens as there are slots
   * @return the changed request
   * @throws IllegalArgumentException when the number differs
   */
  public GradientRequest withSlots(TokenIds tokens) {
    if (tokens.size() != slotEnd - slotStart) {
      throw new IllegalArgumentException(
          "tokens must fill " + (slotEnd - slotStart) + " slots but were " + tokens.size());
    }
    TokenIds changed =
        prompt.slice(0, slotStart).concat(tokens).concat(prompt.slice(slotEnd, prompt.size()));
    return new GradientRequest(changed, slotStart, slotEnd, target);
  }
}
