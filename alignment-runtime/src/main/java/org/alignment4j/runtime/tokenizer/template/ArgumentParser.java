package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The arguments of calls, filters and tests. */
final class ArgumentParser {

  private static final Set<String> NOT_A_TEST_ARGUMENT = Set.of("else", "or", "and");

  private final TokenStream stream;
  private final ExpressionParser expressions;

  ArgumentParser(TokenStream stream, ExpressionParser expressions) {
    this.stream = stream;
    this.expressions = expressions;
  }

  /** The arguments of a test: in parentheses, or a single one without. */
  CallArguments ofTest() {
    Token token = stream.current();
    if (token.isOperator("(")) {
      return parenthesised();
    }
    boolean argument =
        switch (token.kind()) {
          case NAME -> !NOT_A_TEST_ARGUMENT.contains(token.text());
          case STRING, INTEGER, FLOAT -> true;
          case OPERATOR -> token.text().equals("[") || token.text().equals("{");
          default -> false;
        };
    if (!argument) {
      return CallArguments.NONE;
    }
    if (token.isName("is")) {
      throw stream.expected("an operator, since tests cannot be chained");
    }
    return new CallArguments(List.of(expressions.primary()), Map.of(), null, null);
  }

  /** Arguments in parentheses. */
  CallArguments parenthesised() {
    stream.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    Map<String, Expr> named = new LinkedHashMap<>();
    Expr star = null;
    Expr doubleStar = null;
    boolean first = true;
    while (!stream.skipOperator(")")) {
      if (!first) {
        stream.expectOperator(",");
        if (stream.skipOperator(")")) {
          break;
        }
      }
      first = false;
      if (stream.current().isOperator("*") && star == null && doubleStar == null) {
        stream.next();
        star = expressions.expression();
      } else if (stream.current().isOperator("**") && doubleStar == null) {
        stream.next();
        doubleStar = expressions.expression();
      } else if (stream.current().kind() == Token.Kind.NAME && stream.look().isOperator("=")) {
        String name = stream.next().text();
        stream.next();
        named.put(name, expressions.expression());
      } else if (named.isEmpty() && star == null && doubleStar == null) {
        positional.add(expressions.expression());
      } else {
        throw stream.expected("a named argument");
      }
    }
    return new CallArguments(positional, named, star, doubleStar);
  }
}
