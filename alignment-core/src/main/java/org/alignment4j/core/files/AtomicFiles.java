package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.alignment4j.api.AlignmentException;
import org.apiguardian.api.API;

/**
 * Replaces files so that a crash at any moment leaves either the old or the new content, never a
 * part of it: the bytes go to a temporary file in the same folder, are forced to disk, and the
 * temporary file is renamed over the target.
 *
 * <p>Thread-safe; of two concurrent writers of one path one wins whole. An interrupt of the thread
 * does not disturb the writing and stays set.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class AtomicFiles {

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final int MAX_ATTEMPTS = 1000;

  private AtomicFiles() {}

  /** Writes into the temporary file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes the whole content; the channel takes each buffer whole.
     *
     * @throws IOException if writing fails; the target is then left as it was
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * Replaces the content of {@code path}; missing parent folders are created.
   *
   * @throws AlignmentException if the file cannot be written; the old content is then intact,
   *     unless the message says that the new content is in place and only its name may not survive
   *     a crash
   */
  public static void write(Path path, byte[] bytes) {
    write(path, channel -> channel.write(ByteBuffer.wrap(bytes)));
  }

  /**
   * Replaces the content of {@code path} with UTF-8 text.
   *
   * @throws AlignmentException if the file cannot be written; the old content is then intact,
   *     unless the message says that the new content is in place and only its name may not survive
   *     a crash
   */
  public static void write(Path path, String text) {
    write(path, text.getBytes(UTF_8));
  }

  /**
   * Replaces the content of {@code path} by what {@code content} writes, for content that should
   * not be held in memory.
   *
   * @throws AlignmentException if the file cannot be written; the old content is then intact,
   *     unless the message says that the new content is in place and only its name may not survive
   *     a crash
   */
  public static void write(Path path, Content content) {
    write(path, content, AtomicFiles::move, AtomicFiles::forceFolder);
  }

  /** Gives a file another name, over the file that has it. */
  @FunctionalInterface
  interface Move {
    void move(Path from, Path to) throws IOException;
  }

  /** Makes the names within a folder durable. */
  @FunctionalInterface
  interface Force {
    void force(Path folder) throws IOException;
  }

  static void write(Path path, Content content, Move move, Force force) {
    Path target = path.toAbsolutePath();
    Path folder = target.getParent();
    Path name = target.getFileName();
    if (folder == null || name == null) {
      throw new IllegalArgumentException("path must name a file but was " + path);
    }
    boolean moved = false;
    try {
      Files.createDirectories(folder);
      Path temporary = createTemporary(folder, name.toString());
      try {
        try (UninterruptibleFile file =
            UninterruptibleFile.open(temporary, StandardOpenOption.WRITE)) {
          content.writeTo(file);
          file.force(true);
        }
        move.move(temporary, target);
        moved = true;
      } finally {
        // After the move the name is free, and another writer may have taken it.
        if (!moved) {
          Files.deleteIfExists(temporary);
        }
      }
      force.force(folder);
    } catch (IOException e) {
      throw failure(path, moved, e);
    }
  }

  private static AlignmentException failure(Path path, boolean moved, IOException e) {
    if (moved) {
      return new AlignmentException(
          "cannot make the new content of "
              + path
              + " durable: "
              + reason(e)
              + "; the new content is in place but after a crash the previous one may be back,"
              + " repeat the write",
          e);
    }
    if (e instanceof AtomicMoveNotSupportedException) {
      return new AlignmentException(
          "cannot write "
              + path
              + " whole or not at all: the file system cannot replace a file in one step, "
              + reason(e)
              + "; the previous content is unchanged, write to another file system",
          e);
    }
    return new AlignmentException(
        "cannot write "
            + path
            + ": "
            + reason(e)
            + "; the previous content is unchanged, free space or change permissions and repeat",
        e);
  }

  /** A new file with the folder's usual permissions; those of createTempFile would be private. */
  private static Path createTemporary(Path folder, String name) throws IOException {
    long process = ProcessHandle.current().pid();
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      try {
        return Files.createFile(folder.resolve("." + name + "." + process + "." + i + ".tmp"));
      } catch (FileAlreadyExistsException e) {
        // Another thread's, or left by a killed process of the same number: take the next.
        continue;
      }
    }
    throw new IOException("too many temporary files of " + name);
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Makes new names within a folder durable; does nothing on Windows, which has no handle on
   * folders.
   *
   * @throws IOException if the folder cannot be forced to disk
   */
  public static void forceFolder(Path folder) throws IOException {
    if (WINDOWS) {
      return;
    }
    try (UninterruptibleFile file = UninterruptibleFile.open(folder, StandardOpenOption.READ)) {
      file.force(true);
    }
  }

  /**
   * Tells why a file could not be used: the messages of the platform are often its name alone.
   *
   * @param e what failed
   * @return the kind of failure, and its message where it has one
   */
  public static String reason(IOException e) {
    String message = e.getMessage();
    String name = e.getClass().getSimpleName();
    return message == null ? name : name + " " + message;
  }
}
