package org.alignment4j.runtime.tokenizer.template;

/** Escape sequences of string literals, as Python's {@code unicode-escape} codec reads them. */
final class StringLiteral {

  private StringLiteral() {}

  static String unescape(String body, int line) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder(body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i++);
      if (c != '\\' || i == body.length()) {
        out.append(c);
        continue;
      }
      char escape = body.charAt(i++);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(escape);
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'a' -> out.append('\u0007');
        case 'v' -> out.append('\u000b');
        case 'x' -> i = hex(body, i, 2, out, line);
        case 'u' -> i = hex(body, i, 4, out, line);
        case 'U' -> i = hex(body, i, 8, out, line);
        default -> {
          if (escape >= '0' && escape <= '7') {
            i = octal(body, i - 1, out);
          } else {
            out.append('\\').append(escape);
          }
        }
      }
    }
    return out.toString();
  }

  private static int hex(String body, int start, int digits, StringBuilder out, int line) {
    int end = start + digits;
    long codePoint = -1;
    if (end <= body.length()) {
      codePoint = 0;
      for (int i = start; i < end && codePoint >= 0; i++) {
        int digit = Character.digit(body.charAt(i), 16);
        codePoint = digit < 0 ? -1 : codePoint * 16 + digit;
      }
    }
    if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT) {
      throw new TemplateException(
          "line %s of the chat template: expected %s hexadecimal digits of a code point after the backslash escape"
              .formatted(line, digits),
          line);
    }
    out.appendCodePoint((int) codePoint);
    return end;
  }

  private static int octal(String body, int start, StringBuilder out) {
    int value = 0;
    int i = start;
    while (i < body.length() && i < start + 3 && Character.digit(body.charAt(i), 8) >= 0) {
      value = value * 8 + Character.digit(body.charAt(i), 8);
      i++;
    }
    out.append((char) value);
    return i;
  }
}
