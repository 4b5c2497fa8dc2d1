package org.alignment4j.examples.conformance;

import java.io.IOException;

/** One kind of reference cases: finds its cases and runs them. */
interface ConformanceKind {

  /** The name of the kind; for most, the folder its cases lie in. */
  String name();

  /**
   * Runs every case found.
   *
   * @throws IOException if the cases cannot be listed
   */
  void run(CaseRunner runner) throws IOException;
}
