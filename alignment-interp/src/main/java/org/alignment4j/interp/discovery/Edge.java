package org.alignment4j.interp.discovery;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What one part writes as another reads it.
 *
 * @param source the part that writes
 * @param port the input that reads
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Edge(Node source, Port port) {

  /** Checks that nothing is missing. */
  public Edge {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(port, "port");
  }

  /** Returns the edge as EAP-IG writes it, such as {@code a0.h1->a3.h1<q>}. */
  @Override
  public String toString() {
    return source + "->" + port;
  }
}
