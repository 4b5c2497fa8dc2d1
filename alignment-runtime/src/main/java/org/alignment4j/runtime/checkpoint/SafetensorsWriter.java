package org.alignment4j.runtime.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.alignment4j.api.CheckpointException;

/** Writes weights as a safetensors file: streaming, and atomically replacing what was there. */
public final class SafetensorsWriter {

  private static final int BLOCK = 1 << 16;
  private static final int ALIGNMENT = 8;

  /** The mark by which Hugging Face libraries know the layout of the tensors. */
  public static final Map<String, String> HUGGING_FACE = Map.of("format", "pt");

  private SafetensorsWriter() {}

  /**
   * Writes a file that Hugging Face libraries read.
   *
   * @param dtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}, rounded to nearest
   *     even
   * @throws CheckpointException if the file cannot be written (the old one is then unchanged), or a
   *     finite value is too large for F16
   */
  public static void write(Path file, Weights weights, DType dtype) {
    write(file, weights, dtype, HUGGING_FACE);
  }

  /**
   * Writes a file.
   *
   * @param dtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}, rounded to nearest
   *     even
   * @param metadata free-form entries of the header
   * @throws CheckpointException if the file cannot be written (the old one is then unchanged), or a
   *     finite value is too large for F16
   */
  public static void write(Path file, Weights weights, DType dtype, Map<String, String> metadata) {
    write(file, weights, dtype, metadata, AtomicFile.ON_DISK);
  }

  static void write(
      Path file, Weights weights, DType dtype, Map<String, String> metadata, AtomicFile files) {
    if (!dtype.readable()) {
      throw new IllegalArgumentException("dtype must be F32, F16 or BF16 but was " + dtype);
    }
    byte[] header = header(weights, dtype, metadata);
    files.replace(
        file,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          writeFully(channel, length.putLong(header.length).flip());
          writeFully(channel, ByteBuffer.wrap(header));
          ByteBuffer block =
              ByteBuffer.allocateDirect(BLOCK * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
          ByteBuffer floats =
              ByteBuffer.allocateDirect(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (StoredTensor tensor : weights.stored()) {
            if (tensor instanceof QuantisedTensor quantised) {
              writeFully(channel, quantised.levels());
              writeData(channel, scales(quantised), DType.F32, floats);
            } else {
              writeData(channel, (WeightTensor) tensor, dtype, block);
            }
          }
        });
  }

  private static byte[] header(Weights weights, DType dtype, Map<String, String> metadata) {
    ObjectNode root = ConfigJson.JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode entries = root.putObject("__metadata__");
      metadata.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> entries.put(e.getKey(), e.getValue()));
    }
    long offset = 0;
    for (StoredTensor tensor : weights.stored()) {
      if (tensor instanceof QuantisedTensor quantised) {
        String name = quantised.name();
        long bytes = quantised.format().blockBytes();
        offset =
            entry(
                root,
                QuantisedLayout.levels(name),
                DType.U8,
                new long[] {quantised.out(), quantised.blocks(), bytes},
                offset);
        WeightTensor scales = scales(quantised);
        offset = entry(root, scales.name(), DType.F32, scales.shape(), offset);
      } else {
        offset = entry(root, tensor.name(), dtype, tensor.shape(), offset);
      }
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = Arrays.copyOf(json, padded);
    Arrays.fill(header, json.length, padded, (byte) ' ');
    return header;
  }

  private static long entry(
      ObjectNode root, String name, DType dtype, long[] dimensions, long offset) {
    ObjectNode entry = root.putObject(name);
    entry.put("dtype", dtype.name());
    ArrayNode shape = entry.putArray("shape");
    Arrays.stream(dimensions).forEach(shape::add);
    long end = offset + Arrays.stream(dimensions).reduce(dtype.bytes(), Math::multiplyExact);
    entry.putArray("data_offsets").add(offset).add(end);
    return end;
  }

  private static WeightTensor scales(QuantisedTensor tensor) {
    return new WeightTensor(
        QuantisedLayout.scales(tensor.name()),
        new long[] {tensor.out(), tensor.blocks()},
        tensor.scales());
  }

  private static void writeData(
      WritableByteChannel channel, WeightTensor tensor, DType dtype, ByteBuffer block)
      throws IOException {
    FloatBuffer data = tensor.data();
    float[] floats = new float[Math.min(BLOCK, data.remaining())];
    while (data.hasRemaining()) {
      int n = Math.min(floats.length, data.remaining());
      data.get(floats, 0, n);
      block.clear();
      if (dtype == DType.F32) {
        block.asFloatBuffer().put(floats, 0, n);
      } else {
        for (int i = 0; i < n; i++) {
          short half =
              dtype == DType.BF16
                  ? HalfPrecision.toBf16(floats[i])
                  : toF16(floats[i], tensor.name());
          block.putShort(2 * i, half);
        }
      }
      writeFully(channel, block.limit(n * dtype.bytes()));
    }
  }

  private static short toF16(float value, String name) {
    short half = HalfPrecision.toF16(value);
    if (Float.isFinite(value) && !Float.isFinite(HalfPrecision.fromF16(half))) {
      throw new CheckpointException(
          "values must not exceed "
              + HalfPrecision.MAX_F16
              + " in magnitude to be written as F16 but '"
              + name
              + "' contains "
              + value
              + "; write F32 instead");
    }
    return half;
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
