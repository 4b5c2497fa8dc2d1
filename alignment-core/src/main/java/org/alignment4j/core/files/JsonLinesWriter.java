package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * removed, since a line counts only with its end. An interrupt of the thread does not disturb the
 * writing and stays set. Thread-safe within one process; one writer a file.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class JsonLinesWriter implements AutoCloseable {

  private static final int SEARCH_BLOCK = 8192;

  private final Path path;
  private final UninterruptibleFile file;
  private final ObjectMapper json = new ObjectMapper();
  private final long repairedBytes;

  private JsonLinesWriter(Path path, UninterruptibleFile file, long repairedBytes) {
    this.path = path;
    this.file = file;
    this.repairedBytes = repairedBytes;
  }

  /**
   * Opens {@code path} for appending; the file and its parent folders are created when missing.
   *
   * @throws AlignmentException if the file cannot be opened
   */
  public static JsonLinesWriter open(Path path) {
    UninterruptibleFile file = null;
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      file =
          UninterruptibleFile.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long size = file.size();
      long end = endOfLastLine(file, size);
      file.truncate(end);
      return new JsonLinesWriter(path, file, size - end);
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
  public synchronized void append(Map<String, ?> fields) {
    byte[] line;
    try {
      line = (json.writeValueAsString(new LinkedHashMap<>(fields)) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "fields must have a JSON form but were " + fields + ": " + e.getOriginalMessage(), e);
    }
    try {
      file.write(ByteBuffer.wrap(line));
    } catch (IOException e) {
      rollBack(e);
      throw new AlignmentException("cannot append to " + path + ": " + AtomicFiles.reason(e), e);
    }
  }

  /**
   * Forces all appended lines to the disk, so that they survive a power cut as well.
   *
   * @throws AlignmentException if the disk reports a failure
   */
  public synchronized void force() {
    try {
      file.force(false);
    } catch (IOException e) {
      throw new AlignmentException("cannot force " + path + ": " + AtomicFiles.reason(e), e);
    }
  }

  /** Bytes of a torn last line that opening removed; 0 when the file was whole. */
  public long repairedBytes() {
    return repairedBytes;
  }

  /** Forces and closes the file; closing twice is allowed. */
  @Override
  public synchronized void close() {
    if (!file.isOpen()) {
      return;
    }
    try (file) {
      file.force(false);
    } catch (IOException e) {
      throw new AlignmentException("cannot close " + path + ": " + AtomicFiles.reason(e), e);
    }
  }

  private void rollBack(IOException cause) {
    try {
      file.truncate(file.position());
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static long endOfLastLine(UninterruptibleFile file, long size) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SEARCH_BLOCK);
    long end = size;
    while (end > 0) {
      long start = Math.max(0, end - SEARCH_BLOCK);
      block.clear().limit((int) (end - start));
      while (block.hasRemaining() && file.read(block, start + block.position()) >= 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  private static void closeQuietly(@Nullable UninterruptibleFile file, IOException cause) {
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
