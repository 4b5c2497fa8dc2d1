package org.alignment4j.runtime.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.runtime.graph.GraphModel;

/**
 * A temporary folder with the empty file in which a model says its packed values lie: ONNX Runtime
 * insists that it exist, also where the values are given in memory.
 */
record PackedFolder(Path path) implements AutoCloseable {

  static PackedFolder create() {
    try {
      Path folder = Files.createTempDirectory("alignment4j-packed");
      Files.createFile(folder.resolve(GraphModel.LOCATION));
      return new PackedFolder(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "an empty file could not be created in the temporary folder; set java.io.tmpdir to one"
              + " that can be written",
          e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path.resolve(GraphModel.LOCATION));
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder " + path + " could not be removed", e);
    }
  }
}
