package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.zip.ZipException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.files.Sha256;

/** A file's bytes: hashed as stored, decompressed when gzip, without a byte order mark. */
final class DataInput implements AutoCloseable {

  /**
   * What malformed bytes become where rows are cut after decoding: a noncharacter that no proper
   * text contains, so that the row around it can be refused.
   */
  static final char MALFORMED = '\uFFFF';

  private static final int GZIP_GRACE_BYTES = 1 << 20;

  private final DigestInputStream stored;
  private final BufferedInputStream content;

  private DataInput(DigestInputStream stored, BufferedInputStream content) {
    this.stored = stored;
    this.content = content;
  }

  static DataInput open(Path path, DataLimits limits) throws IOException {
    return open(path.toString(), Files.newInputStream(path), limits);
  }

  /** Takes the stream over: it is closed with this input, and when it cannot be opened. */
  static DataInput open(String name, InputStream raw, DataLimits limits) throws IOException {
    try {
      CountingInput counted = new CountingInput(raw);
      DigestInputStream stored = new DigestInputStream(counted, Sha256.digest());
      BufferedInputStream buffered = new BufferedInputStream(stored, 1 << 16);
      BufferedInputStream content = buffered;
      if (startsWith(buffered, 0x1f, 0x8b)) {
        content =
            new BufferedInputStream(
                new BoundedGunzip(name, buffered, counted, limits.maxGzipRatio()), 1 << 16);
      } else if (startsWith(buffered, -1) && name.endsWith(".gz")) {
        throw damaged(name, new EOFException("the file is empty"));
      }
      refuseOtherEncodings(name, content);
      if (startsWith(content, 0xef, 0xbb, 0xbf)) {
        content.skipNBytes(3);
      }
      return new DataInput(stored, content);
    } catch (IOException | RuntimeException e) {
      try {
        raw.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  InputStream bytes() {
    return content;
  }

  /** The text; malformed bytes appear as {@link #MALFORMED}. */
  Reader text() {
    return new BufferedReader(
        new InputStreamReader(
            content,
            UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(String.valueOf(MALFORMED))),
        1 << 16);
  }

  /** The first byte that is not white space, or -1; nothing is consumed. */
  int firstByte() throws IOException {
    content.mark(1 << 16);
    try {
      for (int i = 0; i < 1 << 16; i++) {
        int b = content.read();
        if (b < 0 || !Character.isWhitespace(b)) {
          return b;
        }
      }
      return -1;
    } finally {
      content.reset();
    }
  }

  /** Hash of the stored bytes; call it after the content was read to its end. */
  String sha256Hex() throws IOException {
    stored.transferTo(OutputStream.nullOutputStream());
    return Sha256.hex(stored.getMessageDigest());
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private static void refuseOtherEncodings(String file, InputStream content) throws IOException {
    String found = null;
    if (startsWith(content, 0xff, 0xfe, 0, 0) || startsWith(content, 0, 0, 0xfe, 0xff)) {
      found = "starts with the byte order mark of UTF-32";
    } else if (startsWith(content, 0xff, 0xfe) || startsWith(content, 0xfe, 0xff)) {
      found = "starts with the byte order mark of UTF-16";
    } else {
      content.mark(2);
      int first = content.read();
      int second = content.read();
      content.reset();
      // A zero is half of an ASCII character in UTF-16, and no part of a text in UTF-8.
      if (first == 0 ? second > 0 : first > 0 && second == 0) {
        found = "looks like UTF-16 without a byte order mark";
      }
    }
    if (found != null) {
      throw new DataFormatException(
          file, 0, null, "the file must be UTF-8 but " + found + "; convert it");
    }
  }

  private static DataFormatException damaged(String file, IOException e) {
    return new DataFormatException(
        file,
        0,
        null,
        "the gzip file is cut short or damaged, " + e.getMessage() + "; fetch it again",
        e);
  }

  private static boolean startsWith(InputStream in, int... magic) throws IOException {
    in.mark(magic.length);
    try {
      for (int expected : magic) {
        if (in.read() != expected) {
          return false;
        }
      }
      return true;
    } finally {
      in.reset();
    }
  }

  /** Counts the bytes that pass. */
  private static final class CountingInput extends FilterInputStream {

    private long count;

    CountingInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      count += Math.max(n, 0);
      return n;
    }
  }

  /** Gunzip that gives up on a ratio no honest text reaches. */
  private static final class BoundedGunzip extends FilterInputStream {

    private final String file;
    private final CountingInput compressed;
    private final double maxRatio;
    private long produced;

    BoundedGunzip(String file, InputStream in, CountingInput compressed, double maxRatio)
        throws IOException {
      super(opened(file, in));
      this.file = file;
      this.compressed = compressed;
      this.maxRatio = maxRatio;
    }

    private static InputStream opened(String file, InputStream in) throws IOException {
      try {
        return new GzipInput(in);
      } catch (EOFException | ZipException e) {
        throw damaged(file, e);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n;
      try {
        n = super.read(buffer, offset, length);
      } catch (EOFException | ZipException e) {
        throw damaged(file, e);
      }
      produced += Math.max(n, 0);
      if (produced > GZIP_GRACE_BYTES && produced > maxRatio * compressed.count) {
        throw new DataFormatException(
            file,
            0,
            null,
            "gzip ratio must be at most "
                + maxRatio
                + " but is above it after "
                + produced
                + " bytes; raise maxGzipRatio if the file is trusted");
      }
      return n;
    }
  }
}
