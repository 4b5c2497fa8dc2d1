package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Literals, names, parentheses and subscripts. */
final class PrimaryParser {

  private final TokenStream stream;
  private final ExpressionParser expressions;
  private final NameUses uses;

  PrimaryParser(TokenStream stream, ExpressionParser expressions, NameUses uses) {
    this.stream = stream;
    this.expressions = expressions;
    this.uses = uses;
  }

  Expr parse() {
    Token token = stream.current();
    switch (token.kind()) {
      case NAME -> {
        stream.next();
        return name(token.text());
      }
      case STRING -> {
        return string();
      }
      case INTEGER -> {
        stream.next();
        return new Expr.Literal(integer(token));
      }
      case FLOAT -> {
        stream.next();
        return new Expr.Literal(Double.parseDouble(token.text().replace("_", "")));
      }
      default -> {
        return switch (token.kind() == Token.Kind.OPERATOR ? token.text() : "") {
          case "(" -> parenthesised();
          case "[" -> list();
          case "{" -> dict();
          default -> throw stream.expected("an expression");
        };
      }
    }
  }

  private Expr name(String name) {
    switch (name) {
      case "true", "True" -> {
        return new Expr.Literal(true);
      }
      case "false", "False" -> {
        return new Expr.Literal(false);
      }
      case "none", "None" -> {
        return new Expr.Literal(None.NONE);
      }
      default -> {
        uses.read(name);
        return new Expr.Name(name);
      }
    }
  }

  private Expr string() {
    StringBuilder text = new StringBuilder();
    while (stream.current().kind() == Token.Kind.STRING) {
      text.append(stream.next().text());
    }
    return new Expr.Literal(text.toString());
  }

  private static Object integer(Token token) {
    try {
      return Numbers.parseInteger(token.text(), 0);
    } catch (NumberFormatException e) {
      throw new TemplateException(
          "line %s of the chat template: the integer %s is not within 64 bits"
              .formatted(token.line(), token.text()),
          token.line());
    }
  }

  private Expr parenthesised() {
    stream.expectOperator("(");
    if (stream.skipOperator(")")) {
      return new Expr.Items(List.of(), true);
    }
    Expr inner = expressions.tuple(true, null);
    stream.expectOperator(")");
    return inner;
  }

  private Expr list() {
    stream.expectOperator("[");
    List<Expr> items = new ArrayList<>();
    while (!stream.skipOperator("]")) {
      if (!items.isEmpty()) {
        stream.expectOperator(",");
        if (stream.skipOperator("]")) {
          break;
        }
      }
      items.add(expressions.expression());
    }
    return new Expr.Items(items, false);
  }

  private Expr dict() {
    stream.expectOperator("{");
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!stream.skipOperator("}")) {
      if (!keys.isEmpty()) {
        stream.expectOperator(",");
        if (stream.skipOperator("}")) {
          break;
        }
      }
      keys.add(expressions.expression());
      stream.expectOperator(":");
      values.add(expressions.expression());
    }
    return new Expr.DictLiteral(keys, values);
  }

  /** {@code .name}, {@code .0} or {@code [index]} after an expression. */
  Expr subscript(Expr target) {
    Token token = stream.next();
    if (token.isOperator(".")) {
      Token attribute = stream.next();
      if (attribute.kind() == Token.Kind.NAME) {
        return new Expr.Attribute(target, attribute.text(), token.line());
      }
      if (attribute.kind() == Token.Kind.INTEGER) {
        return new Expr.Item(target, new Expr.Literal(integer(attribute)), token.line());
      }
      throw new TemplateException(
          "line %s of the chat template: expected a name or number after '.' but found %s"
              .formatted(token.line(), attribute.describe()),
          token.line());
    }
    Expr result = bracketed(target, token.line());
    stream.expectOperator("]");
    return result;
  }

  private Expr bracketed(Expr target, int line) {
    @Nullable Expr start = null;
    if (!stream.current().isOperator(":")) {
      Expr index = expressions.expression();
      if (stream.current().isOperator("]")) {
        return new Expr.Item(target, index, line);
      }
      if (stream.current().isOperator(",")) {
        return new Expr.Item(target, tupleIndex(index), line);
      }
      start = index;
    }
    stream.expectOperator(":");
    @Nullable Expr stop = slicePart();
    @Nullable Expr step = stream.skipOperator(":") ? slicePart() : null;
    return new Expr.Slice(target, start, stop, step, line);
  }

  private Expr tupleIndex(Expr first) {
    List<Expr> items = new ArrayList<>(List.of(first));
    while (stream.skipOperator(",")) {
      items.add(expressions.expression());
    }
    return new Expr.Items(items, true);
  }

  private @Nullable Expr slicePart() {
    boolean absent = stream.current().isOperator(":") || stream.current().isOperator("]");
    return absent ? null : expressions.expression();
  }
}
