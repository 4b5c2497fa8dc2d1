package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.alignment4j.api.RunFolderException;
import org.apiguardian.api.API;

/**
 * Exclusive use of a file among processes and within this one, held by a lock file beside it that
 * names the owner. The operating system releases the lock when its process ends in whatever way;
 * the lock file itself stays and means nothing.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class FileOwner implements AutoCloseable {
  /** The locked byte lies beyond the content, which stays readable where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private FileOwner(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Becomes the owner of {@code path}, whose lock file is {@code path} with {@code .lock} added;
   * missing parent folders are created.
   *
   * @throws RunFolderException if another process or another part of this one owns it, or the lock
   *     file cannot be written
   */
  public static FileOwner of(Path path) {
    Path target = path.toAbsolutePath();
    Path folder = target.getParent();
    Path name = target.getFileName();
    if (folder == null || name == null) {
      throw new IllegalArgumentException("path must name a file but was " + path);
    }
    Path lock = folder.resolve(name + ".lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        channel.close();
        throw new RunFolderException(
            "a file must have one writer but "
                + path
                + " is in use by "
                + ownerNamedIn(lock)
                + "; wait for it, stop it, or choose another file");
      }
      channel.truncate(0);
      String owner = "process " + ProcessHandle.current().pid();
      channel.write(ByteBuffer.wrap(owner.getBytes(UTF_8)), 0);
      return new FileOwner(channel);
    } catch (IOException e) {
      throw new RunFolderException("cannot lock " + path + ": " + AtomicFiles.reason(e), e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String ownerNamedIn(Path lock) {
    try {
      String owner = Files.readString(lock).strip();
      return owner.isEmpty() ? "another process" : owner;
    } catch (IOException e) {
      return "another process";
    }
  }

  /** Gives the file free; closing twice is allowed. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new RunFolderException("cannot release a lock: " + AtomicFiles.reason(e), e);
    }
  }
}
