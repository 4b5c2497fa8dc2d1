package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.alignment4j.api.RunFolderException;
import org.apiguardian.api.API;

/**
 * Exclusive use of a file or a run folder among processes and within this one, held by a lock file
 * that names the owner. The operating system releases the lock when its process ends in whatever
 * way; the lock file itself stays and means nothing. An interrupted thread may become the owner
 * too, and stays interrupted.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class FileOwner implements AutoCloseable {
  /** The locked byte lies beyond the content, which stays readable where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final String UNNAMED = "another process";

  /**
   * The lock files this process holds. A POSIX lock belongs to the process and goes when any of its
   * descriptors of that file is closed, so a second part of this process must be refused before it
   * opens the file; only state of the whole process can tell.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path lock;
  private final FileChannel channel;

  private FileOwner(Path lock, FileChannel channel) {
    this.lock = lock;
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
    return of(path, folder, name + ".lock", "a file must have one writer", "file");
  }

  /**
   * Becomes the owner of a run folder, which is created when missing.
   *
   * @param folder which
   * @param lockName the name of the lock file in it
   * @throws RunFolderException if another process or another part of this one owns it, or the lock
   *     file cannot be written
   */
  public static FileOwner ofFolder(Path folder, String lockName) {
    return of(folder, folder, lockName, "a run folder must have one owner", "folder");
  }

  private static FileOwner of(Path owned, Path folder, String lockName, String rule, String kind) {
    try {
      Files.createDirectories(folder);
      Path lock = folder.toRealPath().resolve(lockName);
      if (!HELD.add(lock)) {
        throw inUse(rule, owned, thisProcess(), kind);
      }
      boolean owner = false;
      try {
        Optional<FileChannel> channel = Uninterrupted.call(() -> locked(lock));
        if (channel.isEmpty()) {
          throw inUse(rule, owned, ownerNamedIn(lock), kind);
        }
        owner = true;
        return new FileOwner(lock, channel.get());
      } finally {
        if (!owner) {
          HELD.remove(lock);
        }
      }
    } catch (IOException e) {
      throw new RunFolderException("cannot lock " + owned + ": " + AtomicFiles.reason(e), e);
    }
  }

  private static RunFolderException inUse(String rule, Path owned, String owner, String kind) {
    return new RunFolderException(
        rule
            + " but "
            + owned
            + " is in use by "
            + owner
            + "; wait for it, stop it, or choose another "
            + kind);
  }

  private static String thisProcess() {
    return "process " + ProcessHandle.current().pid();
  }

  /** The channel that holds the lock and has written its owner; empty when there is another. */
  private static Optional<FileChannel> locked(Path lock) throws IOException {
    FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean owner = false;
    try {
      if (tryLock(channel)) {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(thisProcess().getBytes(UTF_8)), 0);
        owner = true;
      }
    } finally {
      if (!owner) {
        channel.close();
      }
    }
    return owner ? Optional.of(channel) : Optional.empty();
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
      String owner = Uninterrupted.call(() -> Files.readString(lock)).strip();
      return owner.isEmpty() ? UNNAMED : owner;
    } catch (IOException e) {
      return UNNAMED;
    }
  }

  /** Gives it free; closing twice is allowed. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
      HELD.remove(lock);
    } catch (IOException e) {
      throw new RunFolderException("cannot release a lock: " + AtomicFiles.reason(e), e);
    }
  }
}
