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
 *
 * <p>A POSIX lock also goes when anything in the owner's process, a backup of the folder say, has
 * read the lock file. The file therefore names its owner as long as it has one: whoever gets the
 * lock while that process lives is refused too.
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
        throw inUse(rule, owned, LockOwner.current().name(), kind);
      }
      boolean owner = false;
      try {
        Optional<FileChannel> channel = Uninterrupted.call(() -> locked(lock));
        if (channel.isEmpty()) {
          throw inUse(rule, owned, namedIn(lock).map(LockOwner::name).orElse(UNNAMED), kind);
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

  /** The channel that holds the lock and has written its owner; empty when there is another. */
  private static Optional<FileChannel> locked(Path lock) throws IOException {
    FileChannel channel =
        FileChannel.open(
            lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean owner = false;
    try {
      if (tryLock(channel) && !namesAnother(channel)) {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(LockOwner.current().line().getBytes(UTF_8)), 0);
        owner = true;
      }
    } finally {
      if (!owner) {
        channel.close();
      }
    }
    return owner ? Optional.of(channel) : Optional.empty();
  }

  /** Read through the channel that holds the lock, since closing any other would release it. */
  private static boolean namesAnother(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(LockOwner.MAX_BYTES);
    while (content.hasRemaining() && channel.read(content, content.position()) > 0) {}
    return LockOwner.parse(new String(content.array(), 0, content.position(), UTF_8))
        .map(LockOwner::lives)
        .orElse(false);
  }

  private static Optional<LockOwner> namedIn(Path lock) {
    try {
      return LockOwner.parse(Uninterrupted.call(() -> Files.readString(lock)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Gives it free; closing twice is allowed. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      Uninterrupted.call(() -> channel.truncate(0));
      channel.close();
      HELD.remove(lock);
    } catch (IOException e) {
      throw new RunFolderException("cannot release a lock: " + AtomicFiles.reason(e), e);
    }
  }
}
