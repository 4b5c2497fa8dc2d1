package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The argument expressions of a call, filter or test.
 *
 * @param star the expression after {@code *}, or null
 * @param doubleStar the expression after {@code **}, or null
 */
record CallArguments(
    List<Expr> positional,
    Map<String, Expr> named,
    @Nullable Expr star,
    @Nullable Expr doubleStar) {

  static final CallArguments NONE = new CallArguments(List.of(), Map.of(), null, null);

  Arguments eval(Scope scope, Run run, Map<String, Object> extra) {
    List<Object> values = new ArrayList<>();
    for (Expr expression : positional) {
      values.add(expression.eval(scope, run));
    }
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Map.Entry<String, Expr> entry : named.entrySet()) {
      byName.put(entry.getKey(), entry.getValue().eval(scope, run));
    }
    if (star != null) {
      values.addAll(Values.list(run, star.eval(scope, run)));
    }
    if (doubleStar != null) {
      Object map = doubleStar.eval(scope, run);
      if (!(map instanceof Map<?, ?> entries)) {
        throw new EvaluationError(
            "the argument after ** must be a mapping but was " + Values.typeName(map));
      }
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        byName.put(String.valueOf(entry.getKey()), Values.notNull(entry.getValue()));
      }
    }
    byName.putAll(extra);
    return new Arguments(values, byName);
  }
}
