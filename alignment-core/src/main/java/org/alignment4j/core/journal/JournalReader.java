package org.alignment4j.core.journal;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.alignment4j.api.DataFormatException;

/** Reads the whole lines of a journal one at a time; a last line without its end is not one. */
final class JournalReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final String file;
  // Not an NIO stream: an interrupted thread must be able to read.
  private final InputStream bytes;
  private byte[] line = new byte[8192];
  private int length;
  private long number;
  private long start;
  private long next;

  JournalReader(Path path) throws IOException {
    this.file = path.toString();
    this.bytes = new BufferedInputStream(new FileInputStream(path.toFile()), BUFFER);
  }

  /** Advances; false at the end or at a line that was cut short. */
  boolean advance() throws IOException {
    length = 0;
    start = next;
    int b;
    while ((b = bytes.read()) >= 0 && b != '\n') {
      if (length == Journal.MAX_LINE_BYTES) {
        throw new DataFormatException(
            file,
            number + 1,
            null,
            "a line must have at most " + Journal.MAX_LINE_BYTES + " bytes but has more");
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, (int) Math.min(Journal.MAX_LINE_BYTES, 2L * length));
      }
      line[length++] = (byte) b;
    }
    if (b < 0) {
      return false;
    }
    number++;
    next = start + length + 1;
    return true;
  }

  /** The bytes of the line, valid up to {@link #length}, until the next one is read. */
  byte[] line() {
    return line;
  }

  int length() {
    return length;
  }

  /** Counted from 1. */
  long number() {
    return number;
  }

  /** Where the line starts, in bytes. */
  long start() {
    return start;
  }

  byte[] copy() {
    return Arrays.copyOf(line, length);
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
