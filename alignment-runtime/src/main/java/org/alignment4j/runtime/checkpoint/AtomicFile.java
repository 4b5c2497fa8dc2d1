package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.AtomicFiles;

/**
 * Replaces files of a checkpoint atomically (see {@link AtomicFiles}). An instance, so that a test
 * can stand in for a disk that fails.
 */
final class AtomicFile {

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    /** Writes everything to the channel, in whole buffers. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  static final AtomicFile ON_DISK = new AtomicFile(UnaryOperator.identity());

  private final UnaryOperator<WritableByteChannel> wrapping;

  /**
   * A writer whose channels are wrapped.
   *
   * @param wrapping gives the channel that content is written to
   */
  AtomicFile(UnaryOperator<WritableByteChannel> wrapping) {
    this.wrapping = wrapping;
  }

  /**
   * Writes or replaces a file; missing parent folders are created.
   *
   * @throws CheckpointException if it cannot be written, for instance because the disk is full; the
   *     old file is then unchanged
   */
  void replace(Path target, Content content) {
    try {
      AtomicFiles.write(target, channel -> content.writeTo(wrapping.apply(channel)));
    } catch (CheckpointException e) {
      throw e;
    } catch (AlignmentException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
  }
}
