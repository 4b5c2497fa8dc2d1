package org.alignment4j.runtime.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A disk that writes down what it is asked to do, paths from a root. */
final class RecordingDisk extends CheckpointDisk {

  private final Path root;
  private final List<String> changes = new ArrayList<>();

  RecordingDisk(Path root) {
    this.root = root;
  }

  /** The changes so far, such as {@code force a/b}. */
  List<String> changes() {
    return List.copyOf(changes);
  }

  private String name(Path path) {
    return path.equals(root) ? "." : root.relativize(path).toString().replace('\\', '/');
  }

  @Override
  OutputStream create(Path file) throws IOException {
    changes.add("create " + name(file));
    return super.create(file);
  }

  @Override
  void forceFile(Path file) throws IOException {
    changes.add("force " + name(file));
    super.forceFile(file);
  }

  @Override
  void forceFolder(Path folder) throws IOException {
    changes.add("force folder " + name(folder));
    super.forceFolder(folder);
  }

  @Override
  void move(Path from, Path to) throws IOException {
    changes.add("move " + name(from) + " to " + name(to));
    super.move(from, to);
  }
}
