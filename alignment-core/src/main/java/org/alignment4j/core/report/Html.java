package org.alignment4j.core.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML and inline SVG. Text and attribute values are escaped here and nowhere else; tag and
 * attribute names are literals of this package.
 */
final class Html {

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element; attributes are names and values in turn. */
  Html open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost element. */
  Html close() {
    out.append("</").append(open.pop()).append('>');
    if (open.size() <= 3) {
      out.append('\n');
    }
    return this;
  }

  /** Writes an element that has no content. */
  Html empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  /** Writes an element with text. */
  Html element(String tag, String text, String... attributes) {
    open(tag, attributes);
    if (tag.equals("pre") && (text.startsWith("\n") || text.startsWith("\r\n"))) {
      // Parsers of HTML drop a line feed that follows the tag.
      out.append('\n');
    }
    return text(text).close();
  }

  Html text(String text) {
    escape(VisibleText.lines(text));
    return this;
  }

  /**
   * Writes text within a line that goes on after it: its own direction, right to left perhaps,
   * orders it but not its neighbours.
   */
  Html isolated(String text) {
    return element("bdi", text);
  }

  /** Writes a style sheet of this package's own making, the one content that is not escaped. */
  Html style(String css) {
    out.append("<style>").append(css).append("</style>\n");
    return this;
  }

  /** The document; every element must have been closed. */
  String document() {
    return "<!DOCTYPE html>\n" + fragment();
  }

  /** What was written, which is no whole document; every element must have been closed. */
  String fragment() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("every element must be closed but these are open: " + open);
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(VisibleText.oneLine(attributes[i + 1]));
      out.append('"');
    }
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }
}
