package org.alignment4j.runtime.checkpoint;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CheckpointException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file so that, whatever happens, its path holds either the old or the new content in
 * full: a temporary file in the same folder is written, forced to disk and renamed, and the folder
 * is forced. On a failure the temporary file is removed.
 */
final class AtomicFile {

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    /** Writes everything to the channel, in whole buffers. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  static final AtomicFile ON_DISK = new AtomicFile(UnaryOperator.identity());

  private static final Logger LOG = LoggerFactory.getLogger(AtomicFile.class);
  private static final int MAX_ATTEMPTS = 1000;

  private final UnaryOperator<WritableByteChannel> wrapping;

  /**
   * A writer whose channels are wrapped.
   *
   * @param wrapping gives the channel that content is written to; lets a test stand in for a disk
   *     that fails
   */
  AtomicFile(UnaryOperator<WritableByteChannel> wrapping) {
    this.wrapping = wrapping;
  }

  /**
   * Writes or replaces a file.
   *
   * @param target the file; its folder must exist
   * @throws CheckpointException if it cannot be written, for instance because the disk is full; the
   *     old file is then unchanged
   */
  void replace(Path target, Content content) {
    Path temporary = null;
    try {
      temporary = createBeside(target);
      writeForced(temporary, content);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      temporary = null;
      forceFolder(folderOf(target));
    } catch (IOException e) {
      throw new CheckpointException(
          "could not write "
              + target
              + ": "
              + e.getMessage()
              + "; what was there before is unchanged, free space or choose another folder and save"
              + " again",
          e);
    } finally {
      deleteIfPresent(temporary);
    }
  }

  private void writeForced(Path temporary, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      content.writeTo(wrapping.apply(channel));
      channel.force(true);
    }
  }

  private static Path createBeside(Path target) throws IOException {
    Path folder = folderOf(target);
    long process = ProcessHandle.current().pid();
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      Path candidate =
          folder.resolve("." + target.getFileName() + "." + process + "." + i + ".tmp");
      try {
        return Files.createFile(candidate);
      } catch (FileAlreadyExistsException e) {
        // Another thread's, or left by a killed process of the same number: take the next.
        continue;
      }
    }
    throw new IOException("too many temporary files of " + target.getFileName() + " in " + folder);
  }

  static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("target must be a file but was " + file);
    }
    return folder;
  }

  /** Makes renames and new names within a folder durable. */
  static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no folders; its file system journals renames by itself.
      if (Files.isWritable(folder) && File.separatorChar == '/') {
        throw e;
      }
    }
  }

  private static void deleteIfPresent(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("could not remove the temporary file {}: {}", file, e.getMessage());
      }
    }
  }
}
