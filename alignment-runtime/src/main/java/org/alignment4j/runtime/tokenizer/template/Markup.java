package org.alignment4j.runtime.tokenizer.template;

/** A string marked as safe for HTML: added to another string, it escapes that one. */
record Markup(String text) {

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  static String escaped(Run run, Object value) {
    return value instanceof Markup markup ? markup.text : escape(Repr.text(run, value));
  }
}
