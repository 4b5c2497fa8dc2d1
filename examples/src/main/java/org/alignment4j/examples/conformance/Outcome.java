package org.alignment4j.examples.conformance;

/** How a case ended. */
public enum Outcome {
  /** Every comparison held. */
  PASSED,
  /** A comparison did not hold, or the case could not be run. */
  FAILED,
  /** The case asks for something the library does not have. */
  SKIPPED
}
