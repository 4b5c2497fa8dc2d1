package org.alignment4j.runtime.tokenizer.template;

import java.util.List;

/** A cursor over the tokens of a template. */
final class TokenStream {

  private final List<Token> tokens;
  private int index;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(index);
  }

  Token look() {
    return tokens.get(Math.min(index + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(index);
    if (index < tokens.size() - 1) {
      index++;
    }
    return token;
  }

  boolean skipOperator(String text) {
    boolean found = current().isOperator(text);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipName(String text) {
    boolean found = current().isName(text);
    if (found) {
      next();
    }
    return found;
  }

  void expectOperator(String text) {
    if (!skipOperator(text)) {
      throw expected("'" + text + "'");
    }
  }

  void expectName(String text) {
    if (!skipName(text)) {
      throw expected("'" + text + "'");
    }
  }

  Token expect(Token.Kind kind, String description) {
    if (current().kind() != kind) {
      throw expected(description);
    }
    return next();
  }

  TemplateException expected(String what) {
    Token found = current();
    return new TemplateException(
        "line %s of the chat template: expected %s but found %s"
            .formatted(found.line(), what, found.describe()),
        found.line());
  }
}
