package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Small safetensors files made by hand, and a disk that fills up. */
final class TestFiles {

  private TestFiles() {}

  /** The bytes of a file with that header, unpadded, and that data. */
  static byte[] safetensors(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Weights of a few tensors with random values. */
  static Weights weights(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Weights.of(
        List.of(
            tensor("embed.weight", random, 50, 8),
            tensor("h.0.weight", random, 8, 24),
            tensor("h.0.bias", random, 24),
            tensor("scalar", random),
            tensor("empty", random, 0, 3)));
  }

  private static WeightTensor tensor(String name, SplittableRandom random, long... shape) {
    int size = 1;
    for (long d : shape) {
      size *= (int) d;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-2, 2);
    }
    return WeightTensor.of(name, shape, values);
  }

  static float[] values(WeightTensor tensor) {
    float[] values = new float[tensor.size()];
    tensor.data().get(values);
    return values;
  }

  /** A disk with room for so many bytes in all. */
  static AtomicFile fullAfter(long bytes) {
    long[] left = {bytes};
    return new AtomicFile(
        channel ->
            new WritableByteChannel() {
              @Override
              public int write(ByteBuffer source) throws IOException {
                if (source.remaining() > left[0]) {
                  source.limit(source.position() + (int) left[0]);
                  channel.write(source);
                  throw new IOException("No space left on device");
                }
                left[0] -= source.remaining();
                return channel.write(source);
              }

              @Override
              public boolean isOpen() {
                return channel.isOpen();
              }

              @Override
              public void close() throws IOException {
                channel.close();
              }
            });
  }
}
