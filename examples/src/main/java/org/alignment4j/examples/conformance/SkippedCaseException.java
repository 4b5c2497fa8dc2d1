package org.alignment4j.examples.conformance;

/** Ends a case that asks for something the library does not have. */
final class SkippedCaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param reason what is not supported, by name
   */
  SkippedCaseException(String reason) {
    super(reason);
  }
}
