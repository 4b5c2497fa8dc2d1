package org.alignment4j.interp.edit;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How ROME edits.
 *
 * @param layer whose MLP is edited, from 0
 * @param keys which keys are used where
 * @param search how the value is searched
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RomeOptions(int layer, Keys keys, ValueSearchOptions search) {

  /** Which keys are used where. */
  public enum Keys {
    /** The mean over contexts everywhere (R-ROME, Gupta et al. 2024): edits in sequence last. */
    AVERAGED,
    /**
     * The mean over contexts for the direction, that of the bare prompt for the key that is mapped
     * exactly: the published code, which some facts make collapse.
     */
    ORIGINAL
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the layer is negative
   */
  public RomeOptions {
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(search, "search");
    if (layer < 0) {
      throw new IllegalArgumentException("layer must not be negative but was " + layer);
    }
  }

  /**
   * Averaged keys and the published search.
   *
   * @param layer whose MLP is edited, from 0
   * @return the options
   * @throws IllegalArgumentException when the layer is negative
   */
  public static RomeOptions of(int layer) {
    return new RomeOptions(layer, Keys.AVERAGED, ValueSearchOptions.rome());
  }
}
