package org.alignment4j.core.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of a gzip file (RFC 1952), of one member or several. Unlike the platform's stream it
 * refuses whatever follows the last member instead of leaving it out unsaid; only zeros, which fill
 * the blocks of tapes, are passed over.
 */
final class GzipInput extends InputStream {

  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] buffer = new byte[1 << 14];
  private int start;
  private int end;
  private boolean ended;

  /**
   * Opens a stream at its first member.
   *
   * @throws EOFException if the header is cut short
   * @throws ZipException if the header is damaged
   */
  GzipInput(InputStream in) throws IOException {
    this.in = in;
    if (required() != 0x1f) {
      throw new ZipException("no gzip header");
    }
    readHeaderAfterFirstByte();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int n = inflate(target, offset, length);
      if (n > 0) {
        checksum.update(target, offset, n);
        return n;
      }
      if (inflater.finished()) {
        start = end - inflater.getRemaining();
        endMember();
      } else if (inflater.needsDictionary()) {
        throw new ZipException("gzip has no preset dictionaries but this member asks for one");
      } else {
        if (start == end && !fill()) {
          throw new EOFException("the compressed data is cut short");
        }
        inflater.setInput(buffer, start, end - start);
        start = end;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    ended = true;
    inflater.end();
    in.close();
  }

  private int inflate(byte[] target, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException("the compressed data is damaged: " + e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void endMember() throws IOException {
    long size = inflater.getBytesWritten() & 0xffffffffL;
    if (littleEndian(4) != checksum.getValue() || littleEndian(4) != size) {
      throw new ZipException("the checksum or the size of a member is wrong");
    }
    int next = next();
    if (next == 0x1f) {
      readHeaderAfterFirstByte();
      inflater.reset();
      checksum.reset();
      return;
    }
    while (next == 0) {
      next = next();
    }
    if (next >= 0) {
      throw new ZipException("other bytes follow the compressed data");
    }
    ended = true;
  }

  private void readHeaderAfterFirstByte() throws IOException {
    if (required() != 0x8b || required() != 8) {
      throw new ZipException("no gzip header or an unknown compression method");
    }
    int flags = required();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("a gzip header has unknown flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip((int) littleEndian(2));
    }
    if ((flags & NAME) != 0) {
      skipString();
    }
    if ((flags & COMMENT) != 0) {
      skipString();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      required();
    }
  }

  private void skipString() throws IOException {
    while (required() != 0) {}
  }

  private long littleEndian(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) required() << (8 * i);
    }
    return value;
  }

  private int required() throws IOException {
    int b = next();
    if (b < 0) {
      throw new EOFException("a gzip header or trailer is cut short");
    }
    return b;
  }

  private int next() throws IOException {
    return start < end || fill() ? buffer[start++] & 0xff : -1;
  }

  private boolean fill() throws IOException {
    start = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }
}
