package org.alignment4j.runtime.train;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A disk whose n-th change, counted from 0, does not happen. */
final class FailingDisk extends CheckpointDisk {
  /** The process ends here: nothing after it runs. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** How a change fails. */
  enum Failure {
    KILL,
    FULL
  }

  private final Failure failure;
  private int left;
  private boolean failed;

  FailingDisk(Failure failure, int successes) {
    this.failure = failure;
    this.left = successes;
  }

  boolean failed() {
    return failed;
  }

  private void change() throws IOException {
    if (left-- == 0) {
      failed = true;
      if (failure == Failure.KILL) {
        throw new Killed();
      }
      throw new IOException("No space left on device");
    }
  }

  @Override
  void createFolder(Path folder) throws IOException {
    change();
    super.createFolder(folder);
  }

  @Override
  OutputStream create(Path file) throws IOException {
    change();
    OutputStream out = super.create(file);
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length / 2);
        change();
        out.write(bytes, offset + length / 2, length - length / 2);
      }
    };
  }

  @Override
  void forceFile(Path file) throws IOException {
    change();
    super.forceFile(file);
  }

  @Override
  void forceFolder(Path folder) throws IOException {
    change();
    super.forceFolder(folder);
  }

  @Override
  void move(Path from, Path to) throws IOException {
    change();
    super.move(from, to);
  }

  @Override
  void deleteTree(Path folder) throws IOException {
    change();
    super.deleteTree(folder);
  }
}
