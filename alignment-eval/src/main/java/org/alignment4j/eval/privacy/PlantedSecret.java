package org.alignment4j.eval.privacy;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A secret that may have been planted in a model's training texts.
 *
 * @param id names it in results
 * @param prefix what stands before it, up to and without the blank
 * @param secret the secret, not blank
 * @param group what figures are given by, such as how often it was planted; may be empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PlantedSecret(String id, String prefix, String secret, String group) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when id or secret are blank
   */
  public PlantedSecret {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(group, "group");
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
    if (secret.isBlank()) {
      throw new IllegalArgumentException("secret must not be blank but that of '" + id + "' is");
    }
  }
}
