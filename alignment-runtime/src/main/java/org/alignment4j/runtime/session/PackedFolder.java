package org.alignment4j.runtime.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.core.files.UninterruptibleFile;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A temporary folder with the files in which a model says its packed values lie. Those that are
 * given in memory have empty files, because ONNX Runtime insists that they exist; the others are
 * mapped and let go once they are packed, so that they take no memory.
 */
record PackedFolder(Path path, int files) implements AutoCloseable {

  static PackedFolder create(List<Value> packed, Map<String, Supplier<ByteBuffer>> written) {
    PackedFolder folder = null;
    try {
      folder = new PackedFolder(Files.createTempDirectory("alignment4j-packed"), packed.size());
      for (int i = 0; i < packed.size(); i++) {
        Supplier<ByteBuffer> content = written.get(packed.get(i).name());
        try (UninterruptibleFile file =
            UninterruptibleFile.open(
                folder.file(i), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          file.write(content == null ? ByteBuffer.allocate(0) : content.get());
        }
      }
      return folder;
    } catch (IOException e) {
      discard(folder, e);
      throw new ModelExecutionException(
          "packed weights could not be written to the temporary folder; set java.io.tmpdir to one"
              + " with room for them",
          e);
    } catch (RuntimeException | Error e) {
      discard(folder, e);
      throw e;
    }
  }

  private static void discard(@Nullable PackedFolder folder, Throwable why) {
    if (folder != null) {
      try {
        folder.close();
      } catch (ModelExecutionException e) {
        why.addSuppressed(e);
      }
    }
  }

  private Path file(int index) {
    return path.resolve(GraphModel.location(index));
  }

  @Override
  public void close() {
    try {
      for (int i = 0; i < files; i++) {
        Files.deleteIfExists(file(i));
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new ModelExecutionException(
          "the temporary folder " + path + " could not be removed", e);
    }
  }
}
