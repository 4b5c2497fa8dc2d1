package org.alignment4j.rlhf.feedback;

import org.apiguardian.api.API;

/**
 * What changes of a piece of text cost; keeping one costs nothing.
 *
 * @param insert of a new piece, at least 1
 * @param delete of an old piece, at least 1
 * @param replace of an old piece by a new one, at least 1; from insert and delete together on it is
 *     taken only where it ties with them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditCosts(int insert, int delete, int replace) {

  private static final int MOST = 1_000_000;

  /**
   * Checks the costs.
   *
   * @throws IllegalArgumentException when one is not in [1, 1000000]
   */
  public EditCosts {
    if (Math.min(insert, Math.min(delete, replace)) < 1
        || Math.max(insert, Math.max(delete, replace)) > MOST) {
      throw new IllegalArgumentException(
          "costs must be in [1, %s] but insert, delete and replace were %s, %s and %s"
              .formatted(MOST, insert, delete, replace));
    }
  }

  /**
   * Returns costs of 1 to insert, 1 to delete and 2 to replace.
   *
   * @return the costs
   */
  public static EditCosts standard() {
    return new EditCosts(1, 1, 2);
  }
}
