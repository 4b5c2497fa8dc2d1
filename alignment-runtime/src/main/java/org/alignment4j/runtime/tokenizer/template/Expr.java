package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of a template, evaluated within a scope. */
sealed interface Expr {

  Object eval(Scope scope, Run run);

  /** A constant. */
  record Literal(Object value) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      return value;
    }
  }

  /** A variable. */
  record Name(String name) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object value = scope.find(name);
      return value == null ? Undefined.variable(name) : value;
    }
  }

  /** {@code [a, b]}, or the tuple {@code (a, b)}. */
  record Items(List<Expr> items, boolean tuple) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      List<Object> values = evalAll(items, scope, run);
      run.work(values.size());
      return tuple ? new Tuple(values) : values;
    }
  }

  /** {@code {key: value}}. */
  record DictLiteral(List<Expr> keys, List<Expr> values) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        map.put(Values.key(keys.get(i).eval(scope, run)), values.get(i).eval(scope, run));
      }
      run.work(map.size());
      return map;
    }
  }

  /** {@code target.name}. */
  record Attribute(Expr target, String name, int line) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object value = Values.plain(target.eval(scope, run));
      run.at(line);
      return Access.attribute(value, name);
    }
  }

  /** {@code target[index]}. */
  record Item(Expr target, Expr index, int line) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object value = Values.plain(target.eval(scope, run));
      Object key = Values.plain(index.eval(scope, run));
      run.at(line);
      run.work(value instanceof String text ? text.length() : 1);
      run.work(key instanceof String name ? name.length() : 1);
      return Access.item(value, key);
    }
  }

  /** {@code target[start:stop:step]}; an absent part is null. */
  record Slice(
      Expr target, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step, int line)
      implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object value = Values.plain(target.eval(scope, run));
      Object from = part(start, scope, run);
      Object to = part(stop, scope, run);
      Object by = part(step, scope, run);
      run.at(line);
      return Access.slice(run, value, from, to, by);
    }

    private static Object part(@Nullable Expr part, Scope scope, Run run) {
      return part == null ? None.NONE : Values.plain(part.eval(scope, run));
    }
  }

  /** {@code callee(arguments)}. */
  record Call(Expr callee, CallArguments arguments, int line) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      return evalWith(scope, run, Map.of());
    }

    Object evalWith(Scope scope, Run run, Map<String, Object> extra) {
      Object function = callee.eval(scope, run);
      Arguments values = arguments.eval(scope, run, extra);
      run.at(line);
      return Values.call(run, function, values);
    }
  }

  /** {@code input|name(arguments)}; the input is null in {@code filter} and {@code set} blocks. */
  record Filter(@Nullable Expr input, String name, CallArguments arguments, int line)
      implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      if (input == null) {
        throw new EvaluationError("filter '" + name + "' has no input");
      }
      return apply(input.eval(scope, run), scope, run);
    }

    /** Applies the filters of a block to the text of its body, innermost first. */
    Object applyTo(Object text, Scope scope, Run run) {
      Object value = input instanceof Filter inner ? inner.applyTo(text, scope, run) : text;
      return apply(value, scope, run);
    }

    private Object apply(Object value, Scope scope, Run run) {
      Arguments values = arguments.eval(scope, run, Map.of());
      run.at(line);
      return Filters.apply(run, name, value, values);
    }
  }

  /** {@code value is name(arguments)}. */
  record Test(Expr value, String name, CallArguments arguments, int line) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object tested = Values.plain(value.eval(scope, run));
      Arguments values = arguments.eval(scope, run, Map.of());
      run.at(line);
      return Tests.apply(run, name, tested, values);
    }
  }

  /** An arithmetic operation. */
  record Binary(Operator operator, Expr left, Expr right, int line) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object a = left.eval(scope, run);
      Object b = right.eval(scope, run);
      run.at(line);
      return operator.apply(run, a, b);
    }
  }

  /** {@code -x}, or {@code +x}. */
  record Signed(Expr operand, boolean negative, int line) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object value = operand.eval(scope, run);
      run.at(line);
      return Numbers.signed(value, negative);
    }
  }

  /** {@code a ~ b ~ c}. */
  record Concat(List<Expr> parts) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      StringBuilder text = new StringBuilder();
      for (Expr part : parts) {
        text.append(Repr.text(run, part.eval(scope, run)));
        run.bound(text.length());
      }
      return run.made(text.toString());
    }
  }

  /** {@code a < b <= c}: every neighbouring pair must hold. */
  record Compare(Expr first, List<Relation> relations, List<Expr> others, int line)
      implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object left = Values.plain(first.eval(scope, run));
      for (int i = 0; i < others.size(); i++) {
        Object right = Values.plain(others.get(i).eval(scope, run));
        run.at(line);
        if (!relations.get(i).holds(run, left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    }
  }

  /** {@code a and b}, or {@code a or b}: the operand that decided. */
  record Logical(boolean and, Expr left, Expr right) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      Object value = left.eval(scope, run);
      return Values.truth(value) == and ? right.eval(scope, run) : value;
    }
  }

  /** {@code not x}. */
  record Not(Expr operand) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      return !Values.truth(operand.eval(scope, run));
    }
  }

  /** {@code a if test else b}; without {@code else} the value is undefined. */
  record Conditional(Expr test, Expr then, @Nullable Expr otherwise) implements Expr {
    @Override
    public Object eval(Scope scope, Run run) {
      if (Values.truth(test.eval(scope, run))) {
        return then.eval(scope, run);
      }
      return otherwise == null
          ? new Undefined("the inline if-expression was false and has no else branch")
          : otherwise.eval(scope, run);
    }
  }

  private static List<Object> evalAll(List<Expr> expressions, Scope scope, Run run) {
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expr expression : expressions) {
      values.add(expression.eval(scope, run));
    }
    return values;
  }
}
