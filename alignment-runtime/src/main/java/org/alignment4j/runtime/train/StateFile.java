package org.alignment4j.runtime.train;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.UninterruptibleFile;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.TensorInfo;

/**
 * Training state as a safetensors file of vectors of float32 or bytes, streamed from where it lies.
 */
final class StateFile {
  private static final String FORMAT = "alignment4j-state";
  private static final int VERSION = 1;
  private static final int HEADER_ALIGNMENT = 8;

  private StateFile() {}

  static void write(OutputStream out, List<StateTensor> tensors) throws IOException {
    byte[] header = header(tensors);
    int padding = (HEADER_ALIGNMENT - header.length % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length + padding).array());
    out.write(header);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
    ByteBuffer block =
        ByteBuffer.allocate(Blocks.SIZE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (StateTensor tensor : tensors) {
      for (Buffer part : tensor.parts()) {
        if (part instanceof FloatBuffer floats) {
          writeFloats(out, floats.duplicate().rewind(), block);
        } else if (part instanceof ByteBuffer bytes) {
          writeBytes(out, bytes.duplicate().rewind(), block);
        }
      }
    }
  }

  private static void writeFloats(OutputStream out, FloatBuffer from, ByteBuffer block)
      throws IOException {
    while (from.hasRemaining()) {
      int n = Math.min(from.remaining(), Blocks.SIZE);
      block.asFloatBuffer().put(from.slice(from.position(), n));
      from.position(from.position() + n);
      out.write(block.array(), 0, n * Float.BYTES);
    }
  }

  private static void writeBytes(OutputStream out, ByteBuffer from, ByteBuffer block)
      throws IOException {
    while (from.hasRemaining()) {
      int n = Math.min(from.remaining(), block.capacity());
      from.get(block.array(), 0, n);
      out.write(block.array(), 0, n);
    }
  }

  private static byte[] header(List<StateTensor> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(
        "__metadata__",
        new TreeMap<>(Map.of("format", FORMAT, "version", Integer.toString(VERSION))));
    long offset = 0;
    for (StateTensor tensor : tensors) {
      long end = offset + tensor.byteCount();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.dtype());
      entry.put("shape", List.of(tensor.size()));
      entry.put("data_offsets", List.of(offset, end));
      if (header.put(tensor.name(), entry) != null) {
        throw new IllegalArgumentException("names must differ but " + tensor.name() + " is twice");
      }
      offset = end;
    }
    return RunJson.compact(header);
  }

  /** Fills {@code tensors} from a file that holds exactly these names and sizes. */
  static void read(Path file, List<StateTensor> tensors) {
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      checkVersion(file, source.metadata());
      if (source.tensors().size() != tensors.size()) {
        throw new RunFolderException(
            file
                + " must hold "
                + tensors.size()
                + " state tensors but holds "
                + source.tensors().keySet());
      }
      for (StateTensor tensor : tensors) {
        TensorInfo info = source.tensors().get(tensor.name());
        if (info == null
            || info.size() != tensor.size()
            || !info.dtype().name().equals(tensor.dtype())) {
          throw new RunFolderException(
              file
                  + " must hold "
                  + tensor.name()
                  + " with "
                  + tensor.size()
                  + " elements but holds "
                  + (info == null ? "none" : info.size())
                  + "; resume with the model and trained parameters of the run");
        }
        if (info.dtype() == DType.U8) {
          readBytes(file, info, tensor);
        } else {
          readFloats(source.read(tensor.name()).data(), tensor);
        }
      }
    } catch (IOException e) {
      throw new RunFolderException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void readFloats(FloatBuffer data, StateTensor tensor) {
    for (Buffer part : tensor.parts()) {
      FloatBuffer target = ((FloatBuffer) part).duplicate().rewind();
      int n = target.remaining();
      target.put(data.slice(data.position(), n));
      data.position(data.position() + n);
    }
  }

  /** Bytes are no weights, so the reader of weights leaves them to this. */
  private static void readBytes(Path file, TensorInfo info, StateTensor tensor) throws IOException {
    try (UninterruptibleFile source = UninterruptibleFile.open(file, StandardOpenOption.READ)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      readFully(source, length, 0);
      long position = Long.BYTES + length.flip().getLong() + info.begin();
      for (Buffer part : tensor.parts()) {
        ByteBuffer target = ((ByteBuffer) part).duplicate().rewind();
        position = readFully(source, target, position);
      }
    }
  }

  private static long readFully(UninterruptibleFile source, ByteBuffer target, long position)
      throws IOException {
    long next = position;
    while (target.hasRemaining()) {
      int n = source.read(target, next);
      if (n < 0) {
        throw new EOFException("it was truncated while it was read");
      }
      next += n;
    }
    return next;
  }

  private static void checkVersion(Path file, Map<String, String> metadata) {
    String version = metadata.get("version");
    if (!FORMAT.equals(metadata.get("format")) || !Integer.toString(VERSION).equals(version)) {
      throw new RunFolderException(
          file
              + " must be "
              + FORMAT
              + " version "
              + VERSION
              + " but its metadata is "
              + metadata
              + "; use the release that wrote it");
    }
  }
}
