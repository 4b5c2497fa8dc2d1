package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import java.util.Map;

/** The tests by name. */
final class Tests {

  private interface Body {
    boolean holds(Run run, Object value, Arguments arguments);
  }

  private static final Map<String, Body> ALL =
      Map.ofEntries(
          Map.entry("defined", (r, v, a) -> !(v instanceof Undefined)),
          Map.entry("undefined", (r, v, a) -> v instanceof Undefined),
          Map.entry("none", (r, v, a) -> v == None.NONE),
          Map.entry("boolean", (r, v, a) -> v instanceof Boolean),
          Map.entry("true", (r, v, a) -> Boolean.TRUE.equals(v)),
          Map.entry("false", (r, v, a) -> Boolean.FALSE.equals(v)),
          Map.entry("integer", (r, v, a) -> v instanceof Long),
          Map.entry("float", (r, v, a) -> v instanceof Double),
          Map.entry("number", (r, v, a) -> Numbers.isNumber(v)),
          Map.entry("string", (r, v, a) -> v instanceof String),
          Map.entry("mapping", (r, v, a) -> v instanceof Map<?, ?>),
          Map.entry("iterable", (r, v, a) -> Values.isIterable(v)),
          Map.entry("sequence", (r, v, a) -> isSequence(v)),
          Map.entry(
              "callable", (r, v, a) -> v instanceof TemplateFunction || v instanceof Undefined),
          Map.entry("escaped", (r, v, a) -> false),
          Map.entry("lower", (r, v, a) -> PyCase.isLower(Repr.text(r, v))),
          Map.entry("upper", (r, v, a) -> PyCase.isUpper(Repr.text(r, v))),
          Map.entry("odd", (r, v, a) -> remainder(r, v, 2L).equals(1L)),
          Map.entry("even", (r, v, a) -> remainder(r, v, 2L).equals(0L)),
          Map.entry(
              "divisibleby",
              (r, v, a) -> Numbers.toDouble(remainder(r, v, one("divisibleby", a))) == 0),
          Map.entry("eq", relation("eq", Relation.EQUAL)),
          Map.entry("equalto", relation("equalto", Relation.EQUAL)),
          Map.entry("==", relation("==", Relation.EQUAL)),
          Map.entry("ne", relation("ne", Relation.NOT_EQUAL)),
          Map.entry("!=", relation("!=", Relation.NOT_EQUAL)),
          Map.entry("lt", relation("lt", Relation.LESS)),
          Map.entry("<", relation("<", Relation.LESS)),
          Map.entry("lessthan", relation("lessthan", Relation.LESS)),
          Map.entry("le", relation("le", Relation.LESS_OR_EQUAL)),
          Map.entry("<=", relation("<=", Relation.LESS_OR_EQUAL)),
          Map.entry("gt", relation("gt", Relation.GREATER)),
          Map.entry(">", relation(">", Relation.GREATER)),
          Map.entry("greaterthan", relation("greaterthan", Relation.GREATER)),
          Map.entry("ge", relation("ge", Relation.GREATER_OR_EQUAL)),
          Map.entry(">=", relation(">=", Relation.GREATER_OR_EQUAL)),
          Map.entry("in", relation("in", Relation.IN)),
          Map.entry("sameas", (r, v, a) -> same(v, one("sameas", a))),
          Map.entry("filter", (r, v, a) -> v instanceof String name && Filters.exists(name)),
          Map.entry("test", (r, v, a) -> v instanceof String name && exists(name)));

  private Tests() {}

  static boolean apply(Run run, String name, Object value, Arguments arguments) {
    Body test = ALL.get(name);
    if (test == null) {
      throw new EvaluationError("there is no test '" + name + "'");
    }
    return test.holds(run, value, arguments);
  }

  private static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof List<?>
        || value instanceof Tuple
        || value instanceof Map<?, ?>
        || value instanceof Undefined
        || (value instanceof View view && view.kind() == View.Kind.RANGE);
  }

  private static Object one(String test, Arguments arguments) {
    return arguments.bind("test " + test, 1, "other").get("other");
  }

  private static Body relation(String name, Relation relation) {
    return (run, value, arguments) -> relation.holds(run, value, one(name, arguments));
  }

  private static Object remainder(Run run, Object value, Object divisor) {
    Undefined.check(value);
    Object rest = Operator.MODULO.apply(run, value, divisor);
    return rest instanceof Double number && number == Math.rint(number)
        ? (Object) number.longValue()
        : rest;
  }

  private static boolean same(Object a, Object b) {
    boolean scalars = a instanceof Long || a instanceof Double || a instanceof String;
    return scalars ? a.equals(b) : a == b || (a instanceof Boolean && a.equals(b));
  }
}
