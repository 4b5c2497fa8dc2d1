package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens with the white space rules of Jinja under {@code trim_blocks} and
 * {@code lstrip_blocks}: a newline after a block or comment tag is dropped, blanks between the
 * start of a line and a block or comment tag are dropped, {@code -} strips all white space and
 * {@code +} disables both.
 */
final class Lexer {

  private static final Pattern RAW_BEGIN =
      Pattern.compile("\\{%[-+]?\\s*raw\\s*(?:-%\\}\\s*|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern COMMENT_END =
      Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern BLOCK_END =
      Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern VARIABLE_END =
      Pattern.compile("-\\}\\}\\s*|\\}\\}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
  private static final Pattern NAME = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  // One each, since a template of 600 KB has a quarter of a million places to look at.
  private final Matcher rawBegin;
  private final Matcher blockEnd;
  private final Matcher variableEnd;
  private final Matcher floats;
  private final Matcher integers;
  private final Matcher names;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
    this.rawBegin = RAW_BEGIN.matcher(source);
    this.blockEnd = BLOCK_END.matcher(source);
    this.variableEnd = VARIABLE_END.matcher(source);
    this.floats = FLOAT.matcher(source);
    this.integers = INTEGER.matcher(source);
    this.names = NAME.matcher(source);
  }

  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int tag = nextTag(position);
      if (tag < 0) {
        text(source.length(), source.length());
        break;
      }
      char kind = source.charAt(tag + 1);
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      boolean signed = sign == '-' || sign == '+';
      text(strippedEnd(position, tag, sign, kind == '{'), tag);
      if (kind == '%' && rawBlock()) {
        continue;
      }
      int begin = tag + 2 + (signed ? 1 : 0);
      switch (kind) {
        case '#' -> comment(begin);
        case '%' -> tag(begin, Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, blockEnd);
        default -> tag(begin, Token.Kind.VARIABLE_BEGIN, Token.Kind.VARIABLE_END, variableEnd);
      }
    }
    tokens.add(new Token(Token.Kind.END, "", line));
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private int strippedEnd(int start, int tag, char sign, boolean variable) {
    if (sign == '-') {
      int end = tag;
      while (end > start && PyText.isSpace(source.charAt(end - 1))) {
        end--;
      }
      return end;
    }
    if (sign == '+' || variable) {
      return tag;
    }
    int lineStart = Math.max(start, source.lastIndexOf('\n', tag - 1) + 1);
    boolean atLineStart = lineStart > start || lineStarting;
    for (int i = lineStart; i < tag; i++) {
      if (!PyText.isSpace(source.charAt(i))) {
        return tag;
      }
    }
    return atLineStart ? lineStart : tag;
  }

  private void text(int keptEnd, int end) {
    if (keptEnd > position) {
      tokens.add(new Token(Token.Kind.DATA, source.substring(position, keptEnd), line));
    }
    advance(end);
  }

  private void advance(int end) {
    for (int i = position; i < end; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    position = end;
  }

  private boolean rawBlock() {
    if (!rawBegin.region(position, source.length()).lookingAt()) {
      return false;
    }
    int opened = line;
    lineStarting = source.charAt(rawBegin.end() - 1) == '\n';
    advance(rawBegin.end());
    Matcher end = RAW_END.matcher(source);
    if (!end.find(position)) {
      throw error("expected '{% endraw %}' for the raw block but the template ends", opened);
    }
    String sign = end.group(1);
    text(
        strippedEnd(position, end.start(), sign.isEmpty() ? ' ' : sign.charAt(0), false),
        end.start());
    finishTag(end.end());
    return true;
  }

  private void comment(int begin) {
    Matcher end = COMMENT_END.matcher(source);
    if (!end.find(begin)) {
      throw error("expected '#}' for the comment but the template ends", line);
    }
    finishTag(end.end());
  }

  private void finishTag(int end) {
    lineStarting = source.charAt(end - 1) == '\n';
    advance(end);
  }

  private void tag(int begin, Token.Kind beginKind, Token.Kind endKind, Matcher end) {
    int opened = line;
    tokens.add(new Token(beginKind, "", line));
    advance(begin);
    Deque<Character> open = new ArrayDeque<>();
    while (position < source.length()) {
      if (open.isEmpty() && end.region(position, source.length()).lookingAt()) {
        tokens.add(new Token(endKind, "", line));
        finishTag(end.end());
        return;
      }
      if (PyText.isSpace(source.charAt(position))) {
        advance(position + 1);
      } else {
        token(open);
      }
    }
    String wanted = endKind == Token.Kind.BLOCK_END ? "'%}'" : "'}}'";
    throw error("expected " + wanted + " but the template ends", opened);
  }

  private void token(Deque<Character> open) {
    char c = source.charAt(position);
    if (c == '"' || c == '\'') {
      string(c);
    } else if (Character.isDigit(c)) {
      boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
      if (afterDot || !match(floats, Token.Kind.FLOAT)) {
        match(integers, Token.Kind.INTEGER);
      }
    } else if (match(names, Token.Kind.NAME)) {
      return;
    } else {
      operator(open);
    }
  }

  private boolean match(Matcher matcher, Token.Kind kind) {
    if (!matcher.region(position, source.length()).lookingAt()) {
      return false;
    }
    tokens.add(new Token(kind, matcher.group(), line));
    advance(matcher.end());
    return true;
  }

  private void string(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw error("expected " + quote + " at the end of the string but the template ends", line);
    }
    String value = StringLiteral.unescape(source.substring(position + 1, end), line);
    tokens.add(new Token(Token.Kind.STRING, value, line));
    advance(end + 1);
  }

  private void operator(Deque<Character> open) {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        balance(operator, open);
        tokens.add(new Token(Token.Kind.OPERATOR, operator, line));
        advance(position + operator.length());
        return;
      }
    }
    throw error(
        "expected an expression but found the character '"
            + Character.toString(source.codePointAt(position))
            + "'",
        line);
  }

  private void balance(String operator, Deque<Character> open) {
    char c = operator.charAt(0);
    switch (c) {
      case '{' -> open.push('}');
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '}', ')', ']' -> {
        if (open.isEmpty()) {
          throw error("unexpected '" + c + "' without an opening bracket", line);
        }
        char wanted = open.pop();
        if (wanted != c) {
          throw error("expected '" + wanted + "' but found '" + c + "'", line);
        }
      }
      default -> {}
    }
  }

  private static TemplateException error(String problem, int line) {
    return new TemplateException("line " + line + " of the chat template: " + problem, line);
  }
}
