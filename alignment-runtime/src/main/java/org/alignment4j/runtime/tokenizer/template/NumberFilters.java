package org.alignment4j.runtime.tokenizer.template;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters on numbers. */
final class NumberFilters {

  private static final Pattern FLOAT =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  static final Map<String, TemplateMethod> ALL =
      Map.of(
          "abs", NumberFilters::abs,
          "int", NumberFilters::toInteger,
          "float", NumberFilters::toFloat,
          "round", NumberFilters::round,
          "sum", NumberFilters::sum);

  private NumberFilters() {}

  private static Object number(String filter, Object value) {
    Undefined.check(value);
    if (!Numbers.isNumber(value)) {
      throw new EvaluationError(
          "filter " + filter + " needs a number but got " + Values.typeName(value));
    }
    return value;
  }

  private static Object abs(Run run, Object value, Arguments arguments) {
    Object number = number("abs", value);
    return Numbers.signed(number, Numbers.toDouble(number) < 0);
  }

  private static Object toInteger(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter int", 0, "default", "base");
    Object otherwise = bound.get("default", 0L);
    Undefined.check(value);
    if (value instanceof String text) {
      try {
        return Numbers.parseInteger(
            PyText.strip(text, None.NONE, true, true), bound.size("base", 10));
      } catch (NumberFormatException e) {
        Double number = parseFloat(text);
        return number == null ? otherwise : truncated(number, otherwise);
      }
    }
    if (value instanceof Double number) {
      return truncated(number, otherwise);
    }
    return Numbers.isInteger(value) ? Numbers.integer("filter int", value) : otherwise;
  }

  private static Object truncated(double number, Object otherwise) {
    return Double.isNaN(number) || Math.abs(number) >= 0x1p63 ? otherwise : (Object) (long) number;
  }

  private static Object toFloat(Run run, Object value, Arguments arguments) {
    Object otherwise = arguments.bind("filter float", 0, "default").get("default", 0.0);
    Undefined.check(value);
    if (value instanceof String text) {
      Double number = parseFloat(text);
      return number == null ? otherwise : number;
    }
    return Numbers.isNumber(value) ? (Object) Numbers.toDouble(value) : otherwise;
  }

  private static @Nullable Double parseFloat(String text) {
    String stripped = PyText.strip(text, None.NONE, true, true);
    if (FLOAT.matcher(stripped).matches()) {
      return Double.valueOf(stripped);
    }
    return switch (PyCase.lower(stripped)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static Object round(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter round", 0, "precision", "method");
    Object number = number("round", value);
    int precision = bound.size("precision", 0);
    Object method = bound.get("method", "common");
    if (method.equals("common")) {
      if (number instanceof Double exact) {
        return Numbers.round(exact, precision);
      }
      long whole = Numbers.integer("filter round", number);
      return precision >= 0 ? whole : (long) Numbers.round(whole, precision);
    }
    double factor = Math.pow(10, precision);
    double scaled = Numbers.toDouble(number) * factor;
    if (method.equals("ceil")) {
      return Math.ceil(scaled) / factor;
    }
    if (method.equals("floor")) {
      return Math.floor(scaled) / factor;
    }
    throw new EvaluationError(
        "filter round knows the methods 'common', 'ceil' and 'floor', not " + method);
  }

  private static Object sum(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter sum", 0, "attribute", "start");
    Object attribute = bound.get("attribute");
    Object total = bound.get("start", 0L);
    if (total instanceof String) {
      throw new EvaluationError("filter sum cannot add strings; use join");
    }
    for (Object item : Values.list(run, value)) {
      Object term = attribute == None.NONE ? item : AttributePath.of(attribute).read(item);
      total = Operator.ADD.apply(run, total, term);
    }
    return total;
  }
}
