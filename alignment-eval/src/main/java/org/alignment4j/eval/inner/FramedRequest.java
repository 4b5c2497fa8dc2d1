package org.alignment4j.eval.inner;

import org.apiguardian.api.API;

/**
 * A request that is put under several framings.
 *
 * @param id its identity
 * @param text what is asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FramedRequest(String id, String text) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is blank
   */
  public FramedRequest {
    if (id.isBlank() || text.isBlank()) {
      throw new IllegalArgumentException(
          "id and text must not be blank but were '" + id + "' and '" + text + "'");
    }
  }
}
