package org.alignment4j.pocket.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apiguardian.api.API;

/**
 * Replaces files of existing folders so that a crash at any moment leaves either the old or the new
 * content, never a part of it: the bytes go to a temporary file in the same folder, are forced to
 * disk, and the temporary file is renamed over the target. Stateless, thread-safe; of two
 * concurrent writers of one file one wins whole.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WholeFiles {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_ATTEMPTS = 1000;

  private WholeFiles() {}

  /** Looks at what was read to its end before it becomes the file. */
  @FunctionalInterface
  public interface Check {
    /** Throws what is to be thrown instead of replacing the file. */
    void accept();
  }

  /**
   * Replaces the content of a file by UTF-8 text.
   *
   * @param file the file
   * @param text the new content
   * @throws IOException if the file cannot be written; the old content is then intact
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(UTF_8));
  }

  /**
   * Replaces the content of a file.
   *
   * @param file the file
   * @param bytes the new content
   * @throws IOException if the file cannot be written; the old content is then intact
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    copy(new ByteArrayInputStream(bytes), file, () -> {});
  }

  /**
   * Replaces the content of a file by that of a stream.
   *
   * @param from read to its end, not closed
   * @param file the file
   * @param check runs after the last byte was read and before the file is replaced
   * @throws IOException if the file cannot be written; the old content is then intact, as it is
   *     when the check throws
   */
  public static void copy(InputStream from, Path file, Check check) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    Path name = target.getFileName();
    if (folder == null || name == null) {
      throw new IllegalArgumentException("file must name a file but was " + file);
    }
    Path partial = createPartial(folder, name.toString());
    boolean moved = false;
    try {
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        transfer(Channels.newChannel(from), channel);
        channel.force(true);
      }
      check.accept();
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      // After the move the name is free, and another writer may have taken it.
      if (!moved) {
        Files.deleteIfExists(partial);
      }
    }
  }

  /** A new file with the folder's usual permissions; those of createTempFile would be private. */
  private static Path createPartial(Path folder, String name) throws IOException {
    long process = ProcessHandle.current().pid();
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      try {
        return Files.createFile(folder.resolve("." + name + "." + process + "." + i + ".part"));
      } catch (FileAlreadyExistsException e) {
        // Another thread's, or left by a killed process of the same number: take the next.
        continue;
      }
    }
    throw new IOException("too many temporary files of " + name);
  }

  private static void transfer(ReadableByteChannel from, FileChannel to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (from.read(buffer) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        to.write(buffer);
      }
      buffer.clear();
    }
  }
}
