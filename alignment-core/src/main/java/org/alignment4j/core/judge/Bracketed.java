package org.alignment4j.core.judge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what stands in the last double brackets of a reply, or the reply itself when it is short.
 */
final class Bracketed {
  private static final Pattern FORM = Pattern.compile("\\[\\[([^\\[\\]\\n]{1,200})\\]\\]");
  private static final int SHORT = 200;

  private Bracketed() {}

  static Parsed<String> last(Reply reply) {
    Matcher matcher = FORM.matcher(reply.text());
    String found = null;
    int end = 0;
    while (matcher.find()) {
      found = matcher.group(1).strip();
      end = matcher.end();
    }
    if (found == null) {
      String whole = reply.text().strip();
      return whole.isEmpty() || whole.length() > SHORT || whole.contains("\n")
          ? new Parsed.Nothing<>("it has nothing in double square brackets.")
          : new Parsed.Value<>(whole);
    }
    if (reply.truncated() && end < reply.text().stripTrailing().length()) {
      return new Parsed.Nothing<>("it was cut off before its end.");
    }
    return new Parsed.Value<>(found);
  }
}
