package org.alignment4j.runtime.tokenizer.template;

import java.util.List;

/** What a value is assigned to. */
sealed interface Target {

  void assign(Object value, Scope scope, Run run);

  /** A name in the current scope. */
  record Variable(String name) implements Target {
    @Override
    public void assign(Object value, Scope scope, Run run) {
      scope.set(name, value);
    }
  }

  /** An attribute of a namespace, which outlives the scope. */
  record NamespaceAttribute(String namespace, String attribute) implements Target {
    @Override
    public void assign(Object value, Scope scope, Run run) {
      if (!(scope.find(namespace) instanceof Namespace found)) {
        throw new EvaluationError(
            "set %s.%s needs a namespace, but %s is not one"
                .formatted(namespace, attribute, namespace));
      }
      found.set(attribute, value);
    }
  }

  /** Several targets that unpack a sequence. */
  record Unpacked(List<Target> targets) implements Target {
    @Override
    public void assign(Object value, Scope scope, Run run) {
      List<Object> values = Values.list(run, value);
      if (values.size() != targets.size()) {
        throw new EvaluationError(
            "expected %s values to unpack but found %s".formatted(targets.size(), values.size()));
      }
      for (int i = 0; i < values.size(); i++) {
        targets.get(i).assign(values.get(i), scope, run);
      }
    }
  }
}
