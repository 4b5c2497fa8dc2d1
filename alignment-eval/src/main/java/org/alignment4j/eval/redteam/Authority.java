package org.alignment4j.eval.redteam;

import org.apiguardian.api.API;

/**
 * A written statement of who owns a model and why it may be attacked. It stands in every report.
 * Immutable.
 *
 * @param owner who owns the model and gave leave, such as a team or a company
 * @param purpose what the attack is for, such as {@code robustness before release 1.2}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Authority(String owner, String purpose) {

  /**
   * Checks the statement.
   *
   * @throws IllegalArgumentException when the owner or the purpose is blank
   */
  public Authority {
    if (owner.isBlank() || purpose.isBlank()) {
      throw new IllegalArgumentException(
          "an attack needs a statement of authority but owner was '"
              + owner
              + "' and purpose '"
              + purpose
              + "'; attack only models that you own or were given leave to attack, and say so");
    }
  }

  @Override
  public String toString() {
    return "owner: " + owner + "; purpose: " + purpose;
  }
}
