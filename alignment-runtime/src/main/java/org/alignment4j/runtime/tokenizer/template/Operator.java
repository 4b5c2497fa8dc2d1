package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.List;

/** Arithmetic operators; {@code +}, {@code *} and {@code %} also act on strings and lists. */
enum Operator {
  ADD("+") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      if (a instanceof Markup || b instanceof Markup) {
        return new Markup(run.made(Markup.escaped(run, a) + Markup.escaped(run, b)));
      }
      if (a instanceof String left && b instanceof String right) {
        run.bound((long) left.length() + right.length());
        return run.made(left + right);
      }
      if (a instanceof List<?> left && b instanceof List<?> right) {
        return joined(run, left, right);
      }
      if (a instanceof Tuple left && b instanceof Tuple right) {
        return new Tuple(joined(run, left.items(), right.items()));
      }
      return Numbers.add(a, b);
    }
  },
  SUBTRACT("-") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      return Numbers.subtract(a, b);
    }
  },
  MULTIPLY("*") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      if (Numbers.isInteger(a) && isSequence(b)) {
        return repeated(run, b, Numbers.integer("a repetition", a));
      }
      if (isSequence(a) && Numbers.isInteger(b)) {
        return repeated(run, a, Numbers.integer("a repetition", b));
      }
      return Numbers.multiply(a, b);
    }
  },
  DIVIDE("/") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      return Numbers.divide(a, b);
    }
  },
  FLOOR_DIVIDE("//") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      return Numbers.floorDivide(a, b);
    }
  },
  MODULO("%") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      if (a instanceof String format) {
        return Printf.format(run, format, b);
      }
      return Numbers.modulo(a, b);
    }
  },
  POWER("**") {
    @Override
    Object applyTo(Run run, Object a, Object b) {
      return Numbers.power(a, b);
    }
  };

  private final String symbol;

  Operator(String symbol) {
    this.symbol = symbol;
  }

  abstract Object applyTo(Run run, Object a, Object b);

  Object apply(Run run, Object left, Object right) {
    Undefined.check(left);
    Undefined.check(right);
    boolean add = this == ADD;
    Object a = add ? left : Values.plain(left);
    Object b = add ? right : Values.plain(right);
    boolean numbers = Numbers.isNumber(a) && Numbers.isNumber(b);
    boolean texts =
        switch (this) {
          case ADD -> sameSequence(a, b);
          case MULTIPLY ->
              (isSequence(a) && Numbers.isInteger(b)) || (Numbers.isInteger(a) && isSequence(b));
          case MODULO -> a instanceof String;
          default -> false;
        };
    if (!numbers && !texts) {
      throw new EvaluationError(
          "unsupported operands for %s: %s and %s"
              .formatted(symbol, Values.typeName(a), Values.typeName(b)));
    }
    return applyTo(run, a, b);
  }

  private static boolean sameSequence(Object a, Object b) {
    boolean texts = Values.plain(a) instanceof String && Values.plain(b) instanceof String;
    return texts
        || (a instanceof List<?> && b instanceof List<?>)
        || (a instanceof Tuple && b instanceof Tuple);
  }

  private static boolean isSequence(Object value) {
    return value instanceof String || value instanceof List<?> || value instanceof Tuple;
  }

  private static List<Object> joined(Run run, List<?> left, List<?> right) {
    run.work((long) left.size() + right.size());
    List<Object> all = new ArrayList<>(left.size() + right.size());
    all.addAll(left);
    all.addAll(right);
    return all;
  }

  private static Object repeated(Run run, Object sequence, long times) {
    long count = Math.max(0, times);
    if (sequence instanceof String text) {
      run.bound(saturatedProduct(text.length(), count));
      return text.isEmpty() ? "" : run.made(text.repeat((int) count));
    }
    List<Object> items =
        sequence instanceof Tuple tuple ? tuple.items() : Values.list(run, sequence);
    run.bound(saturatedProduct(items.size(), count));
    List<Object> all = new ArrayList<>();
    for (long i = 0; i < count && !items.isEmpty(); i++) {
      run.work(items.size());
      all.addAll(items);
    }
    return sequence instanceof Tuple ? new Tuple(all) : all;
  }

  private static long saturatedProduct(long a, long b) {
    return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
  }
}
