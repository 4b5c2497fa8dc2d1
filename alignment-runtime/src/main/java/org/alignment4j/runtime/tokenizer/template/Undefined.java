package org.alignment4j.runtime.tokenizer.template;

/**
 * The value of a name or attribute that does not exist: prints as nothing, is empty and false, and
 * fails in every other operation.
 *
 * @param reason what does not exist
 */
record Undefined(String reason) {

  static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  EvaluationError error() {
    return new EvaluationError(reason);
  }

  static void check(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
  }
}
