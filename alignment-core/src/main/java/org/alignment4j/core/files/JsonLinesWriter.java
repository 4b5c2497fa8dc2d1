package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Appends JSON objects to a file, one a line, each handed to the operating system as a whole before
 * {@link #append} returns.
 *
 * <p>Reopening repairs a line that a crash cut short: everything after the last line feed is
 * removed, since a line counts only with its end. Thread-safe within one process; one writer a
 * file. An interrupted thread may append too: its interruption neither tears a line nor closes the
 * file.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class JsonLinesWriter implements AutoCloseable {

  private static final int SEARCH_BLOCK = 8192;

  private final Path path;
  // Not a FileChannel: that one closes itself when the thread that uses it is interrupted.
  private final RandomAccessFile file;
  private final ObjectMapper json = new ObjectMapper();
  private final long repairedBytes;
  private final Object forcing = new Object();
  private long end;
  private boolean open = true;
  private long forcedTo;
  private volatile boolean lost;

  private JsonLinesWriter(Path path, RandomAccessFile file, long end, long repairedBytes) {
    this.path = path;
    this.file = file;
    this.end = end;
    this.repairedBytes = repairedBytes;
  }

  /**
   * Opens {@code path} for appending; the file and its parent folders are created when missing.
   *
   * @throws AlignmentException if the file cannot be opened
   */
  public static JsonLinesWriter open(Path path) {
    RandomAccessFile file = null;
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      file = new RandomAccessFile(path.toFile(), "rw");
      long size = file.length();
      long end = endOfLastLine(file, size);
      if (end < size) {
        file.setLength(end);
      }
      file.seek(end);
      return new JsonLinesWriter(path, file, end, size - end);
    } catch (IOException e) {
      closeQuietly(file, e);
      throw new AlignmentException(
          "cannot open " + path + " for appending: " + AtomicFiles.reason(e), e);
    }
  }

  /**
   * Appends one object. NaN and infinite numbers become the strings {@code "NaN"}, {@code
   * "Infinity"} and {@code "-Infinity"}, since JSON has no numbers for them.
   *
   * @param fields names and values: strings, numbers, booleans, null, lists and maps of these
   * @throws IllegalArgumentException if a value has no JSON form
   * @throws AlignmentException if writing fails; the file then ends at the last whole line
   */
  public void append(Map<String, ?> fields) {
    String line;
    try {
      line = json.writeValueAsString(new LinkedHashMap<>(fields));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "fields must have a JSON form but were " + fields + ": " + e.getOriginalMessage(), e);
    }
    appendLine(line.getBytes(UTF_8));
  }

  /**
   * Appends one line that is JSON already.
   *
   * @param line the UTF-8 bytes of an object, without a line feed
   * @return where in the file the line starts, in bytes
   * @throws IllegalArgumentException if the line contains a line feed
   * @throws AlignmentException if writing fails; the file then ends at the last whole line
   */
  public synchronized long appendLine(byte[] line) {
    byte[] ended = new byte[line.length + 1];
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n') {
        throw new IllegalArgumentException(
            "a line must not contain a line feed but has one at byte " + i);
      }
      ended[i] = line[i];
    }
    ended[line.length] = '\n';
    if (!open) {
      throw new AlignmentException("cannot append to " + path + ": it is closed");
    }
    requireNothingLost();
    long start = end;
    try {
      file.write(ended);
      end += ended.length;
      return start;
    } catch (IOException e) {
      rollBack(start, e);
      throw new AlignmentException("cannot append to " + path + ": " + AtomicFiles.reason(e), e);
    }
  }

  /**
   * Forces all appended lines to the disk, so that they survive a power cut as well. Others may
   * append meanwhile, and threads that wait for the disk share one write.
   *
   * @throws AlignmentException if the disk reports a failure
   */
  public void force() {
    long wanted = end();
    synchronized (forcing) {
      if (forcedTo >= wanted) {
        return;
      }
      long reached = end();
      requireNothingLost();
      try {
        file.getFD().sync();
      } catch (IOException e) {
        lost = true;
        throw new AlignmentException("cannot force " + path + ": " + AtomicFiles.reason(e), e);
      }
      forcedTo = reached;
    }
  }

  /** A system may report a failed write once and succeed at the next try, the lines being lost. */
  private void requireNothingLost() {
    if (lost) {
      throw new AlignmentException(
          "cannot write to "
              + path
              + " any more: forcing it to the disk failed before, and lines may be lost; open it"
              + " again");
    }
  }

  /** Where the next line will start, in bytes. */
  public synchronized long end() {
    return end;
  }

  /** Bytes of a torn last line that opening removed; 0 when the file was whole. */
  public long repairedBytes() {
    return repairedBytes;
  }

  /** Forces and closes the file; closing twice is allowed. */
  @Override
  public void close() {
    synchronized (forcing) {
      synchronized (this) {
        if (!open) {
          return;
        }
        open = false;
        forcedTo = end;
      }
      try (file) {
        file.getFD().sync();
      } catch (IOException e) {
        throw new AlignmentException("cannot close " + path + ": " + AtomicFiles.reason(e), e);
      }
    }
  }

  /** A tail that cannot be removed must stay the tail, so nothing may follow it. */
  private void rollBack(long start, IOException cause) {
    try {
      file.setLength(start);
      file.seek(start);
    } catch (IOException e) {
      cause.addSuppressed(e);
      open = false;
      closeQuietly(file, cause);
    }
  }

  private static long endOfLastLine(RandomAccessFile file, long size) throws IOException {
    byte[] block = new byte[SEARCH_BLOCK];
    long end = size;
    while (end > 0) {
      long start = Math.max(0, end - SEARCH_BLOCK);
      int length = (int) (end - start);
      file.seek(start);
      file.readFully(block, 0, length);
      for (int i = length - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  private static void closeQuietly(@Nullable RandomAccessFile file, IOException cause) {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
