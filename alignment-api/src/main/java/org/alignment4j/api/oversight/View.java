package org.alignment4j.api.oversight;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What one role knows when it is to act or to judge. Texts of others are data, never instructions:
 * whoever puts a view into a prompt delimits them so that they cannot pose as such.
 *
 * @param role who is to act
 * @param round when, from 0
 * @param instructions what the protocol asks of the role, such as the answer it is to defend
 * @param question what it is about
 * @param options answers to choose from; empty for a free answer
 * @param material sources that this role may read; may be empty
 * @param turns what was said and this role may read
 */
@API(status = API.Status.STABLE, since = "0.1")
public record View(
    String role,
    int round,
    String instructions,
    String question,
    List<String> options,
    List<String> material,
    List<Turn> turns) {

  /**
   * Checks and copies; hidden reasoning of other roles is removed.
   *
   * @throws IllegalArgumentException when the round is negative
   */
  public View {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(instructions, "instructions");
    options = List.copyOf(options);
    material = List.copyOf(material);
    turns = new Transcript(question, turns).visibleTo(role);
    if (round < 0) {
      throw new IllegalArgumentException("round must not be negative but was " + round);
    }
  }
}
