package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recursive descent over expressions, with Jinja's precedence (which is not Python's). */
final class ExpressionParser {

  private static final int MAX_CHAIN = 1000;
  private static final Map<String, Relation> RELATIONS =
      Map.of(
          "==", Relation.EQUAL,
          "!=", Relation.NOT_EQUAL,
          "<", Relation.LESS,
          "<=", Relation.LESS_OR_EQUAL,
          ">", Relation.GREATER,
          ">=", Relation.GREATER_OR_EQUAL);

  private final TokenStream stream;
  private final Nesting nesting;
  private final PrimaryParser primary;
  private final ArgumentParser arguments;

  ExpressionParser(TokenStream stream, Nesting nesting, NameUses uses) {
    this.stream = stream;
    this.nesting = nesting;
    this.primary = new PrimaryParser(stream, this, uses);
    this.arguments = new ArgumentParser(stream, this);
  }

  /** A full expression, inline {@code if} included. */
  Expr expression() {
    nesting.enter(stream.current().line());
    Expr result = or();
    int chain = 0;
    while (stream.skipName("if")) {
      chain = link(chain);
      Expr test = or();
      Expr otherwise = stream.skipName("else") ? expression() : null;
      result = new Expr.Conditional(test, result, otherwise);
    }
    nesting.leave();
    return result;
  }

  /** An expression in a place where {@code if} means something else. */
  Expr withoutConditional() {
    nesting.enter(stream.current().line());
    Expr result = or();
    nesting.leave();
    return result;
  }

  /** One expression, or the tuple that several with commas make. */
  Expr tuple(boolean conditional, @Nullable String endName) {
    List<Expr> items = new ArrayList<>();
    boolean comma = false;
    while (true) {
      if (!items.isEmpty()) {
        if (!stream.skipOperator(",")) {
          break;
        }
        comma = true;
      }
      if (endsTuple(endName)) {
        break;
      }
      items.add(conditional ? expression() : withoutConditional());
    }
    if (!comma) {
      if (items.isEmpty()) {
        throw stream.expected("an expression");
      }
      return items.get(0);
    }
    return new Expr.Items(List.copyOf(items), true);
  }

  private boolean endsTuple(@Nullable String endName) {
    Token token = stream.current();
    return token.kind() == Token.Kind.VARIABLE_END
        || token.kind() == Token.Kind.BLOCK_END
        || token.isOperator(")")
        || (endName != null && token.isName(endName));
  }

  private int link(int chain) {
    if (chain >= MAX_CHAIN) {
      int line = stream.current().line();
      throw new TemplateException(
          "line %s of the chat template: an expression may chain at most %s operators; split it with set"
              .formatted(line, MAX_CHAIN),
          line);
    }
    return chain + 1;
  }

  private Expr or() {
    Expr left = and();
    for (int chain = 0; stream.skipName("or"); chain = link(chain)) {
      left = new Expr.Logical(false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    for (int chain = 0; stream.skipName("and"); chain = link(chain)) {
      left = new Expr.Logical(true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (stream.current().isName("not")) {
      nesting.enter(stream.next().line());
      Expr operand = not();
      nesting.leave();
      return new Expr.Not(operand);
    }
    return compare();
  }

  private Expr compare() {
    int line = stream.current().line();
    Expr first = sum();
    List<Relation> relations = new ArrayList<>();
    List<Expr> others = new ArrayList<>();
    for (Relation relation = relation(); relation != null; relation = relation()) {
      relations.add(relation);
      others.add(sum());
    }
    return others.isEmpty() ? first : new Expr.Compare(first, relations, others, line);
  }

  private @Nullable Relation relation() {
    Token token = stream.current();
    if (token.kind() == Token.Kind.OPERATOR && RELATIONS.containsKey(token.text())) {
      stream.next();
      return RELATIONS.get(token.text());
    }
    if (stream.skipName("in")) {
      return Relation.IN;
    }
    if (token.isName("not") && stream.look().isName("in")) {
      stream.next();
      stream.next();
      return Relation.NOT_IN;
    }
    return null;
  }

  private Expr sum() {
    Expr left = concat();
    for (int chain = 0; ; chain = link(chain)) {
      int line = stream.current().line();
      if (stream.skipOperator("+")) {
        left = new Expr.Binary(Operator.ADD, left, concat(), line);
      } else if (stream.skipOperator("-")) {
        left = new Expr.Binary(Operator.SUBTRACT, left, concat(), line);
      } else {
        return left;
      }
    }
  }

  private Expr concat() {
    Expr first = product();
    if (!stream.current().isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (stream.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(parts);
  }

  private Expr product() {
    Expr left = power();
    for (int chain = 0; ; chain = link(chain)) {
      int line = stream.current().line();
      Operator operator =
          stream.skipOperator("*")
              ? Operator.MULTIPLY
              : stream.skipOperator("/")
                  ? Operator.DIVIDE
                  : stream.skipOperator("//")
                      ? Operator.FLOOR_DIVIDE
                      : stream.skipOperator("%") ? Operator.MODULO : null;
      if (operator == null) {
        return left;
      }
      left = new Expr.Binary(operator, left, power(), line);
    }
  }

  private Expr power() {
    Expr left = unary(true);
    int line = stream.current().line();
    for (int chain = 0; stream.skipOperator("**"); chain = link(chain)) {
      left = new Expr.Binary(Operator.POWER, left, unary(true), line);
    }
    return left;
  }

  private Expr unary(boolean filters) {
    Token token = stream.current();
    Expr node;
    if (token.isOperator("-") || token.isOperator("+")) {
      stream.next();
      nesting.enter(token.line());
      node = new Expr.Signed(unary(false), token.isOperator("-"), token.line());
      nesting.leave();
    } else {
      node = primary.parse();
    }
    node = postfix(node);
    return filters ? filtersAndTests(node) : node;
  }

  /** A literal, name or bracketed expression with its suffixes. */
  Expr primary() {
    return postfix(primary.parse());
  }

  /** Attribute, item and call suffixes. */
  private Expr postfix(Expr start) {
    Expr node = start;
    for (int chain = 0; ; chain = link(chain)) {
      Token token = stream.current();
      if (token.isOperator(".") || token.isOperator("[")) {
        node = primary.subscript(node);
      } else if (token.isOperator("(")) {
        node = new Expr.Call(node, arguments.parenthesised(), token.line());
      } else {
        return node;
      }
    }
  }

  private Expr filtersAndTests(Expr start) {
    Expr node = start;
    for (int chain = 0; ; chain = link(chain)) {
      Token token = stream.current();
      if (token.isOperator("|")) {
        node = filter(node);
      } else if (token.isName("is")) {
        node = test(node);
      } else if (token.isOperator("(")) {
        node = new Expr.Call(node, arguments.parenthesised(), token.line());
      } else {
        return node;
      }
    }
  }

  private Expr.Filter filter(Expr input) {
    stream.expectOperator("|");
    return namedFilter(input);
  }

  /** The chain of filters of a {@code set} block (after {@code |}) or a {@code filter} block. */
  Expr.Filter filterChain() {
    Expr.Filter filter = namedFilter(null);
    for (int chain = 0; stream.current().isOperator("|"); chain = link(chain)) {
      filter = filter(filter);
    }
    return filter;
  }

  private Expr.Filter namedFilter(@Nullable Expr input) {
    int line = stream.current().line();
    String name = dottedName("the name of a filter");
    CallArguments arguments =
        stream.current().isOperator("(") ? this.arguments.parenthesised() : CallArguments.NONE;
    return new Expr.Filter(input, name, arguments, line);
  }

  private String dottedName(String what) {
    StringBuilder name = new StringBuilder(stream.expect(Token.Kind.NAME, what).text());
    while (stream.skipOperator(".")) {
      name.append('.').append(stream.expect(Token.Kind.NAME, what).text());
    }
    return name.toString();
  }

  private Expr test(Expr value) {
    int line = stream.current().line();
    stream.expectName("is");
    boolean negated = stream.skipName("not");
    String name = dottedName("the name of a test");
    Expr test = new Expr.Test(value, name, arguments.ofTest(), line);
    return negated ? new Expr.Not(test) : test;
  }
}
