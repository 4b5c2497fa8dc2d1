package org.alignment4j.runtime.tokenizer.template;

/** Comparison operators. */
enum Relation {
  EQUAL,
  NOT_EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL,
  IN,
  NOT_IN;

  boolean holds(Run run, Object a, Object b) {
    return switch (this) {
      case EQUAL -> Values.equal(run, a, b);
      case NOT_EQUAL -> !Values.equal(run, a, b);
      case LESS -> Values.compare(run, a, b) < 0;
      case LESS_OR_EQUAL -> Values.compare(run, a, b) <= 0;
      case GREATER -> Values.compare(run, b, a) < 0;
      case GREATER_OR_EQUAL -> Values.compare(run, b, a) <= 0;
      case IN -> Values.contains(run, b, a);
      case NOT_IN -> !Values.contains(run, b, a);
    };
  }
}
