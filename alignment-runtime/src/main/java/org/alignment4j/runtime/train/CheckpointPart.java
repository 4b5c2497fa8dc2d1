package org.alignment4j.runtime.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * One file of a training checkpoint, written as a stream.
 *
 * @param fileName letters, digits, dots, dashes and underscores
 * @param content writes it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CheckpointPart(String fileName, Content content) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything; the stream is buffered and closed by the caller.
     *
     * @param out where to
     * @throws IOException when the disk fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  public CheckpointPart {
    if (!NAME.matcher(fileName).matches() || fileName.equals(CheckpointManifest.FILE_NAME)) {
      throw new IllegalArgumentException(
          "fileName must be letters, digits, dots, dashes and underscores and not "
              + CheckpointManifest.FILE_NAME
              + " but was "
              + fileName);
    }
  }

  /**
   * Returns a safetensors file of float32 vectors.
   *
   * @param fileName its name
   * @param tensors read when the file is written; names must differ
   * @return the part
   */
  public static CheckpointPart tensors(String fileName, List<StateTensor> tensors) {
    List<StateTensor> copy = List.copyOf(tensors);
    return new CheckpointPart(fileName, out -> StateFile.write(out, copy));
  }

  /**
   * Returns a UTF-8 text file.
   *
   * @param fileName its name
   * @param text its content
   * @return the part
   */
  public static CheckpointPart text(String fileName, String text) {
    return new CheckpointPart(fileName, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
