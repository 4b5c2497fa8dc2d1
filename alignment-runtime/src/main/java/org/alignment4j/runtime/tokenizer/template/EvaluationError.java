package org.alignment4j.runtime.tokenizer.template;

/** A failed operation on template values, before its place in the template is known. */
final class EvaluationError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EvaluationError(String message) {
    super(message, null, false, false);
  }
}
