package org.alignment4j.runtime.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.Uninterrupted;

/**
 * Exclusive use of a run folder among processes. The operating system releases the lock when its
 * process ends in whatever way.
 */
final class RunLock implements AutoCloseable {
  /** The locked byte lies beyond the content, which stays readable where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  static RunLock acquire(Path file) {
    try {
      return Uninterrupted.call(() -> open(file));
    } catch (IOException e) {
      throw new RunFolderException("could not lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static RunLock open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw new RunFolderException(
          "a run folder must have one owner but "
              + file.getParent()
              + " is in use by "
              + owner(file)
              + "; wait for it, stop it, or choose another folder");
    }
    String owner = "process " + ProcessHandle.current().pid();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
    return new RunLock(channel);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String owner(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "another process";
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new RunFolderException("could not release a run lock: " + e.getMessage(), e);
    }
  }
}
