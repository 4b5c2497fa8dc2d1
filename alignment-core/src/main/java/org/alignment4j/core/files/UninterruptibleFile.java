package org.alignment4j.core.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A file whose reading and writing an interrupt of the thread neither fails nor cuts short. When an
 * interrupt closes the channel beneath, the file is opened again and the operation repeated from
 * where it began, so that no byte is lost or doubled; the interrupt flag is set afterwards. The
 * path must name the same file until this is closed. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class UninterruptibleFile implements WritableByteChannel {

  private static final List<StandardOpenOption> CREATION =
      List.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.TRUNCATE_EXISTING);

  private final Path path;
  private final Set<OpenOption> access;
  private FileChannel channel;
  private long position;
  private boolean open = true;

  private UninterruptibleFile(Path path, Set<OpenOption> access, FileChannel channel) {
    this.path = path;
    this.access = access;
    this.channel = channel;
  }

  /**
   * Opens a file.
   *
   * @param path which
   * @param options as for {@link FileChannel#open(Path, OpenOption...)}, without {@code APPEND}
   * @return the file, at its beginning
   * @throws IOException when it cannot be opened
   */
  public static UninterruptibleFile open(Path path, OpenOption... options) throws IOException {
    Set<OpenOption> access = new HashSet<>(List.of(options));
    access.removeAll(CREATION);
    return new UninterruptibleFile(path, access, FileChannel.open(path, options));
  }

  /** An operation on the channel that may be repeated. */
  private interface Operation<T> {
    T on(FileChannel channel) throws IOException;
  }

  private <T> T uninterrupted(Operation<T> operation) throws IOException {
    return Uninterrupted.call(
        () -> {
          if (!open) {
            throw new ClosedChannelException();
          }
          if (!channel.isOpen()) {
            channel = FileChannel.open(path, access);
          }
          return operation.on(channel);
        });
  }

  /**
   * Writes everything that remains in a buffer and moves on behind it.
   *
   * @param source what to write
   * @return how many bytes
   * @throws IOException when the disk fails; the position stays, behind it a part may be written
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    int begin = source.position();
    int count = source.remaining();
    uninterrupted(
        to -> {
          source.position(begin);
          while (source.hasRemaining()) {
            to.write(source, position + source.position() - begin);
          }
          return count;
        });
    position += count;
    return count;
  }

  /**
   * Reads some bytes without moving.
   *
   * @param target where to, from its position
   * @param from offset in the file
   * @return how many bytes, or -1 at the end of the file
   * @throws IOException when the disk fails
   */
  public int read(ByteBuffer target, long from) throws IOException {
    int begin = target.position();
    return uninterrupted(
        source -> {
          target.position(begin);
          return source.read(target, from);
        });
  }

  /**
   * Returns where the next byte is written.
   *
   * @return offset in the file
   */
  public long position() {
    return position;
  }

  /**
   * Returns how long the file is.
   *
   * @return bytes
   * @throws IOException when the disk fails
   */
  public long size() throws IOException {
    return uninterrupted(FileChannel::size);
  }

  /**
   * Cuts off everything from an offset on, and moves there.
   *
   * @param end offset in the file, at most its size
   * @throws IOException when the disk fails
   */
  public void truncate(long end) throws IOException {
    uninterrupted(file -> file.truncate(end));
    position = end;
  }

  /**
   * Forces everything written to the disk.
   *
   * @param metadata whether times and permissions too
   * @throws IOException when the disk fails
   */
  public void force(boolean metadata) throws IOException {
    uninterrupted(
        file -> {
          file.force(metadata);
          return file;
        });
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    channel.close();
  }
}
