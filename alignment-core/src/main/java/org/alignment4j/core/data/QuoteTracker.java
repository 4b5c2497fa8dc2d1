package org.alignment4j.core.data;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Separated values on their way to a parser: knows where the last quoted cell opened (RFC 4180),
 * which the parser does not tell when the file ends within it.
 */
final class QuoteTracker extends FilterReader {

  private enum State {
    CELL_START,
    PLAIN,
    QUOTED,
    /** After a quote in a quoted cell: its end, or the first half of a doubled quote. */
    QUOTE
  }

  private final char separator;
  private State state = State.CELL_START;
  private boolean afterReturn;
  private long line = 1;
  private long column;
  private long openedLine;
  private long openedColumn;

  QuoteTracker(Reader text, char separator) {
    super(text);
    this.separator = separator;
  }

  /** The line of the last opening quote that was read, from 1; 0 when there was none. */
  long openedLine() {
    return openedLine;
  }

  /** The column of that quote in UTF-16 units, from 1. */
  long openedColumn() {
    return openedColumn;
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    if (c >= 0) {
      follow((char) c);
    }
    return c;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    for (int i = 0; i < n; i++) {
      follow(buffer[offset + i]);
    }
    return n;
  }

  private void follow(char c) {
    boolean ends = c == '\n' || c == '\r';
    if (ends) {
      line += c == '\n' && afterReturn ? 0 : 1;
      column = 0;
    } else {
      column++;
    }
    afterReturn = c == '\r';
    boolean cellEnds = ends || c == separator;
    switch (state) {
      case CELL_START -> {
        if (c == '"') {
          open();
        } else if (!cellEnds) {
          state = State.PLAIN;
        }
      }
      case PLAIN -> state = cellEnds ? State.CELL_START : State.PLAIN;
      case QUOTED -> state = c == '"' ? State.QUOTE : State.QUOTED;
      case QUOTE -> state = c == '"' ? State.QUOTED : cellEnds ? State.CELL_START : State.PLAIN;
    }
  }

  private void open() {
    state = State.QUOTED;
    openedLine = line;
    openedColumn = column;
  }
}
