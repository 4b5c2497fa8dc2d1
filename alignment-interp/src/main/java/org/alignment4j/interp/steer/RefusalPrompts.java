package org.alignment4j.interp.steer;

import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Prompts, with the tokens that the chat template puts behind the instruction.
 *
 * @param harmful instructions that the model refuses
 * @param harmless instructions that it follows
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RefusalPrompts(List<TokenIds> harmful, List<TokenIds> harmless) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is none of a kind
   */
  public RefusalPrompts {
    harmful = List.copyOf(harmful);
    harmless = List.copyOf(harmless);
    if (harmful.isEmpty() || harmless.isEmpty()) {
      throw new IllegalArgumentException(
          "prompts must be of both kinds but were "
              + harmful.size()
              + " harmful and "
              + harmless.size()
              + " harmless");
    }
  }
}
