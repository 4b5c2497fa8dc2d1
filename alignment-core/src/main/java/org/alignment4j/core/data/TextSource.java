package org.alignment4j.core.data;

import java.io.IOException;
import java.io.Reader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain text cut into documents, at separating lines or at every line. Blank ones are no rows. */
final class TextSource implements RowSource {

  private static final String SEPARATOR = "<|endoftext|>";

  private final String file;
  private final Reader text;
  private final boolean everyLine;
  private final ReadOptions options;
  private final int maxChars;
  private final StringBuilder document = new StringBuilder();
  private long lineNumber;
  private boolean ended;

  TextSource(String file, Reader text, boolean everyLine, ReadOptions options) {
    this.file = file;
    this.text = text;
    this.everyLine = everyLine;
    this.options = options;
    this.maxChars = Math.min(options.limits().maxStringChars(), options.limits().maxLineBytes());
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (!ended) {
      document.setLength(0);
      long start = lineNumber + 1;
      boolean tooLong = readDocument();
      if (tooLong) {
        throw new RowException(
            file,
            start,
            JsonValues.TEXT,
            Fault.TOO_LARGE,
            "a text must have at most "
                + maxChars
                + " characters but has more; raise maxStringChars and maxLineBytes if wanted");
      }
      if (document.indexOf(String.valueOf(DataInput.MALFORMED)) >= 0) {
        throw new RowException(
            file,
            start + lineOfMalformed(),
            JsonValues.TEXT,
            Fault.ENCODING,
            "a text must be UTF-8 but is malformed; convert the file to UTF-8 first");
      }
      String content = withoutLineBreaksAround();
      if (!content.isBlank()) {
        return new Row(file, start, Map.of(JsonValues.TEXT, content), options);
      }
    }
    return null;
  }

  /** Reads up to the next separator; returns whether the document is too long to hold. */
  private boolean readDocument() throws IOException {
    boolean tooLong = false;
    int lineStart = 0;
    int c;
    while ((c = text.read()) >= 0) {
      if (c == '\n') {
        lineNumber++;
        if (everyLine) {
          return tooLong;
        }
        if (endsWithSeparator(lineStart)) {
          document.setLength(lineStart);
          return tooLong;
        }
      }
      if (document.length() == maxChars) {
        // Only the current line matters now: it may be the separator to go on from.
        tooLong = true;
        document.setLength(0);
        lineStart = 0;
      }
      document.append((char) c);
      if (c == '\n') {
        if (tooLong) {
          document.setLength(0);
        }
        lineStart = document.length();
      }
    }
    lineNumber++;
    ended = true;
    if (!everyLine && endsWithSeparator(lineStart)) {
      document.setLength(lineStart);
    }
    return tooLong;
  }

  private boolean endsWithSeparator(int lineStart) {
    int end = document.length();
    if (end > lineStart && document.charAt(end - 1) == '\r') {
      end--;
    }
    return end - lineStart == SEPARATOR.length()
        && document.substring(lineStart, end).equals(SEPARATOR);
  }

  private long lineOfMalformed() {
    int end = document.indexOf(String.valueOf(DataInput.MALFORMED));
    return document.chars().limit(end).filter(c -> c == '\n').count();
  }

  private String withoutLineBreaksAround() {
    int start = 0;
    int end = document.length();
    while (start < end && isLineBreak(document.charAt(start))) {
      start++;
    }
    while (end > start && isLineBreak(document.charAt(end - 1))) {
      end--;
    }
    return document.substring(start, end);
  }

  private static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r';
  }
}
