package org.alignment4j.api.model;

import org.apiguardian.api.API;

/**
 * Hears tokens as they are generated: calls come one at a time from the generating thread; what it
 * throws ends the generation.
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface TokenListener {

  /**
   * Called for every token.
   *
   * @param token the token just generated
   */
  void onToken(StreamedToken token);
}
