package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * removed, since a line counts only with its end. Thread-safe within one process; one writer a
 * file.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class JsonLinesWriter implements AutoCloseable {

  private static final int SEARCH_BLOCK = 8192;

  private final Path path;
  private final FileChannel channel;
  private final ObjectMapper json = new ObjectMapper();
  private final long repairedBytes;

  private JsonLinesWriter(Path path, FileChannel channel, long repairedBytes) {
    this.path = path;
    this.channel = channel;
    this.repairedBytes = repairedBytes;
  }

  /**
   * Opens {@code path} for appending; the file and its parent folders are created when missing.
   *
   * @throws AlignmentException if the file cannot be opened
   */
  public static JsonLinesWriter open(Path path) {
    FileChannel channel = null;
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long size = channel.size();
      long end = endOfLastLine(channel, size);
      if (end < size) {
        channel.truncate(end);
      }
      channel.position(end);
      return new JsonLinesWriter(path, channel, size - end);
    } catch (IOException e) {
      closeQuietly(channel, e);
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
    long start = -1;
    try {
      start = channel.position();
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      rollBack(start, e);
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
      channel.force(false);
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
    if (!channel.isOpen()) {
      return;
    }
    try (channel) {
      channel.force(false);
    } catch (IOException e) {
      throw new AlignmentException("cannot close " + path + ": " + AtomicFiles.reason(e), e);
    }
  }

  private void rollBack(long start, IOException cause) {
    if (start < 0) {
      return;
    }
    try {
      channel.truncate(start);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static long endOfLastLine(FileChannel channel, long size) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SEARCH_BLOCK);
    long end = size;
    while (end > 0) {
      long start = Math.max(0, end - SEARCH_BLOCK);
      block.clear().limit((int) (end - start));
      while (block.hasRemaining() && channel.read(block, start + block.position()) >= 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  private static void closeQuietly(@Nullable FileChannel channel, IOException cause) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
