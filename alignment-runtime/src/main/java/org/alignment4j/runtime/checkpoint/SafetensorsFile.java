package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file opened for reading: an 8-byte little-endian header length, a JSON header, and
 * raw little-endian data (format: Hugging Face safetensors).
 *
 * <p>The header is validated in full when the file is opened. Tensors are memory-mapped one by one,
 * so files beyond 2 GiB work; a float32 tensor at an address divisible by four is used in place,
 * everything else is converted into a direct buffer of its own. Tensors stay valid after the file
 * is closed. Thread-safe.
 */
public final class SafetensorsFile implements AutoCloseable {

  /** Longest header the format's reference implementation accepts. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;

  /**
   * How a file begins that Git LFS keeps in place of a large one (its specification, version 1).
   */
  private static final String GIT_LFS = "version https://git-lfs.github.com/spec/v1";

  private static final int BLOCK = 1 << 14;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Opens a file and validates its header.
   *
   * @throws CheckpointException if the file cannot be read or breaks the format
   * @throws CancelledException if the thread is interrupted, whose flag stays set
   */
  public static SafetensorsFile open(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      SafetensorsFile file = read(path, channel);
      channel = null;
      return file;
    } catch (ClosedByInterruptException e) {
      throw interrupted(path, e);
    } catch (IOException e) {
      throw new CheckpointException("could not read " + path + ": " + e.getMessage(), e);
    } finally {
      close(channel);
    }
  }

  private static CancelledException interrupted(Path path, ClosedByInterruptException e) {
    return new CancelledException("reading " + path + " was interrupted", e);
  }

  private static void refuseGitLfsPointer(FileChannel channel, long size, Path path)
      throws IOException {
    byte[] start = GIT_LFS.getBytes(StandardCharsets.US_ASCII);
    if (size >= start.length
        && Arrays.equals(readFully(channel, 0, start.length, path).array(), start)) {
      throw new CheckpointException(
          "a safetensors file must hold tensors but "
              + path
              + " is a pointer of Git LFS to them; fetch them with 'git lfs pull' in the clone of the"
              + " model, or download the file itself");
    }
  }

  private static SafetensorsFile read(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new CheckpointException(
          "a safetensors file must have at least 8 bytes but "
              + path
              + " has "
              + size
              + "; it is truncated, fetch it again");
    }
    refuseGitLfsPointer(channel, size, path);
    long length = readFully(channel, 0, LENGTH_BYTES, path).getLong();
    if (length < 2 || length > size - LENGTH_BYTES || length > MAX_HEADER_BYTES) {
      throw new CheckpointException(
          "the header length must be between 2 and "
              + Math.min(size - LENGTH_BYTES, MAX_HEADER_BYTES)
              + " bytes but was "
              + Long.toUnsignedString(length)
              + " in "
              + path
              + " of "
              + size
              + " bytes; the file is truncated or no safetensors file, fetch it again");
    }
    String json;
    try {
      json =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(readFully(channel, LENGTH_BYTES, (int) length, path))
              .toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(
          "the header of " + path + " must be UTF-8 but is not; the file is damaged", e);
    }
    long dataStart = LENGTH_BYTES + length;
    SafetensorsHeader header = SafetensorsHeader.parse(path.toString(), json, size - dataStart);
    return new SafetensorsFile(path, channel, header, dataStart);
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int bytes, Path path)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new CheckpointException(path + " was truncated while it was read");
      }
    }
    return buffer.flip();
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /** Every tensor of the file by name, in the order of the data, of whatever type. */
  public Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /** The free-form metadata, such as {@code format: pt}. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Reads one tensor as float32.
   *
   * @param name a key of {@link #tensors()}
   * @throws IllegalArgumentException if the file has no such tensor
   * @throws CheckpointException if its type is not F32, F16 or BF16, it has more than 2³¹−1 bytes
   *     as float32, or the native memory for a converted tensor is not available
   * @throws CancelledException if the thread is interrupted, whose flag stays set; the file is then
   *     closed
   */
  public WeightTensor read(String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new IllegalArgumentException(
          "name must be a tensor of " + path + " but was '" + name + "'");
    }
    if (!info.dtype().readable()) {
      throw new CheckpointException(
          "dtype must be F32, F16 or BF16 but '"
              + name
              + "' in "
              + path
              + " is "
              + info.dtype()
              + "; convert the checkpoint to one of them first");
    }
    WeightTensor.checkAddressable(name, info.shape(), path.toString());
    return new WeightTensor(name, info.shape(), floats(info));
  }

  /**
   * Maps one tensor of single bytes.
   *
   * @param name a key of {@link #tensors()}
   * @throws IllegalArgumentException if the file has no such tensor
   * @throws CheckpointException if its type is not U8, or it has more than 2³¹−1 bytes
   * @throws CancelledException as {@link #read} says
   */
  ByteBuffer bytes(String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null) {
      throw new IllegalArgumentException(
          "name must be a tensor of " + path + " but was '" + name + "'");
    }
    if (info.dtype() != DType.U8 || info.byteCount() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "levels must be U8 and at most 2147483647 bytes but '"
              + name
              + "' in "
              + path
              + " is "
              + info.dtype()
              + " and has "
              + info.byteCount());
    }
    return map(info);
  }

  private FloatBuffer floats(TensorInfo info) {
    int size = (int) info.size();
    if (size == 0) {
      return NativeFloats.allocate(info.name(), 0);
    }
    ByteBuffer mapped = map(info).order(ByteOrder.LITTLE_ENDIAN);
    if (info.dtype() == DType.F32) {
      boolean aligned = (dataStart + info.begin()) % Float.BYTES == 0;
      if (aligned && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
        return mapped.asFloatBuffer();
      }
      return NativeFloats.allocate(info.name(), size).put(mapped.asFloatBuffer()).rewind();
    }
    return widen(mapped.asShortBuffer(), info.dtype(), NativeFloats.allocate(info.name(), size));
  }

  private static FloatBuffer widen(ShortBuffer from, DType dtype, FloatBuffer to) {
    short[] halves = new short[Math.min(BLOCK, from.remaining())];
    float[] floats = new float[halves.length];
    while (from.hasRemaining()) {
      int n = Math.min(halves.length, from.remaining());
      from.get(halves, 0, n);
      if (dtype == DType.BF16) {
        for (int i = 0; i < n; i++) {
          floats[i] = HalfPrecision.fromBf16(halves[i]);
        }
      } else {
        for (int i = 0; i < n; i++) {
          floats[i] = HalfPrecision.fromF16(halves[i]);
        }
      }
      to.put(floats, 0, n);
    }
    return to.rewind();
  }

  private MappedByteBuffer map(TensorInfo info) {
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, dataStart + info.begin(), info.byteCount());
    } catch (ClosedByInterruptException e) {
      throw interrupted(path, e);
    } catch (IOException e) {
      throw new CheckpointException(
          "could not map '" + info.name() + "' of " + path + " into memory: " + e.getMessage(), e);
    }
  }

  /** Closes the file; tensors already read stay valid. */
  @Override
  public void close() {
    close(channel);
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new CheckpointException("could not close a file: " + e.getMessage(), e);
      }
    }
  }
}
