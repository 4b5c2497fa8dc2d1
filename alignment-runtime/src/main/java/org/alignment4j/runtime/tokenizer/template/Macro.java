package org.alignment4j.runtime.tokenizer.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro with the scope in which it was defined. */
record Macro(Signature signature, List<Node> body, Scope definedIn)
    implements TemplateFunction, Attributes {

  @Override
  public Object call(Run run, Arguments arguments) {
    Scope scope = definedIn.child();
    List<String> parameters = signature.parameters();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    int given = arguments.positional().size();
    for (int i = 0; i < Math.min(given, parameters.size()); i++) {
      scope.set(parameters.get(i), arguments.positional().get(i));
      if (named.containsKey(parameters.get(i))) {
        throw new EvaluationError(
            "%s was given the argument '%s' twice".formatted(title(), parameters.get(i)));
      }
    }
    for (int i = given; i < parameters.size(); i++) {
      scope.set(parameters.get(i), argument(parameters.get(i), named, scope, run));
    }
    bindSpecial(scope, named, arguments);
    return run.called(() -> run.capture(() -> Node.execAll(body, scope, run)));
  }

  private Object argument(String name, Map<String, Object> named, Scope scope, Run run) {
    Object value = named.remove(name);
    if (value != null) {
      return value;
    }
    Expr fallback = signature.defaults().get(name);
    return fallback == null
        ? new Undefined("parameter '" + name + "' was not provided")
        : fallback.eval(scope, run);
  }

  private void bindSpecial(Scope scope, Map<String, Object> named, Arguments arguments) {
    if (signature.caller() && !signature.parameters().contains("caller")) {
      Object caller = named.remove("caller");
      scope.set("caller", caller == null ? new Undefined("no caller defined") : caller);
    }
    int count = signature.parameters().size();
    List<Object> positional = arguments.positional();
    if (signature.varargs()) {
      List<Object> rest = positional.subList(Math.min(count, positional.size()), positional.size());
      scope.set("varargs", new Tuple(List.copyOf(rest)));
    } else if (positional.size() > count) {
      throw new EvaluationError(title() + " takes not more than " + count + " arguments");
    }
    if (signature.kwargs()) {
      scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
    } else if (!named.isEmpty()) {
      throw new EvaluationError(
          "%s takes no keyword argument '%s'".formatted(title(), named.keySet().iterator().next()));
    }
  }

  private String title() {
    return "macro '" + signature.name() + "'";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "name" -> signature.name();
      case "arguments" -> new Tuple(List.copyOf(signature.parameters()));
      case "catch_kwargs" -> signature.kwargs();
      case "catch_varargs" -> signature.varargs();
      case "caller" -> signature.caller();
      default -> null;
    };
  }
}
