package org.alignment4j.runtime.tokenizer.template;

import java.util.List;

/**
 * A rendered template.
 *
 * @param text the text
 * @param assistantSpans what the template's {@code generation} blocks wrote, in order, possibly
 *     empty
 * @param marksAssistant whether the template has {@code generation} blocks at all; without them
 *     {@code assistantSpans} says nothing
 */
public record Rendering(String text, List<Span> assistantSpans, boolean marksAssistant) {

  public Rendering {
    assistantSpans = List.copyOf(assistantSpans);
  }

  /**
   * A piece of the text, in Unicode code points (not UTF-16 units).
   *
   * @param start first code point
   * @param end one past the last code point
   */
  public record Span(int start, int end) {

    public Span {
      if (start < 0 || end < start) {
        throw new IllegalArgumentException(
            "a span must satisfy 0 <= start <= end but was [" + start + ", " + end + ")");
      }
    }
  }
}
