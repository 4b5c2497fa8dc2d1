package org.alignment4j.api.provenance;

import org.apiguardian.api.API;

/** Something that knows where it comes from. */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface Traceable {

  /**
   * Returns where this comes from.
   *
   * @return the provenance
   */
  Provenance provenance();
}
