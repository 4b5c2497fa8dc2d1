package org.alignment4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Gradients in a folder, a file for each tensor, so that those of two processes can be compared.
 *
 * @param folder where they are
 */
record GradientFiles(Path folder) {

  private static final int CHUNK = 1 << 16;

  /** Takes one tensor's gradients. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes gradients.
     *
     * @param name the parameter's
     * @param values in row-major order, to be read at once
     */
    void accept(String name, FloatBuffer values);
  }

  /** Writes what a contender has computed last, in pieces, so that its peak of memory stays. */
  void write(Contender contender) throws IOException {
    Files.createDirectories(folder);
    ByteBuffer piece =
        ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      contender.gradients((name, values) -> write(folder.resolve(name), values, piece));
    } catch (UncheckedIOException e) {
      throw new IOException("could not write gradients to " + folder, e);
    }
  }

  private static void write(Path file, FloatBuffer values, ByteBuffer piece) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int from = 0; from < values.limit(); from += CHUNK) {
        int n = Math.min(CHUNK, values.limit() - from);
        piece.clear();
        piece.asFloatBuffer().put(0, values, from, n);
        piece.limit(n * Float.BYTES);
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How far gradients are from others of the same parameters.
   *
   * @param tensors how many there are
   * @param zero how many of them are zero on both sides
   * @param greatest difference of two elements
   * @param relative greatest of the tensors' greatest differences over their greatest elements
   * @param where the tensor of {@code relative}
   */
  record Difference(int tensors, int zero, double greatest, double relative, String where) {

    String text() {
      return String.format(
          Locale.ROOT,
          "%d tensors, %d of them zero on both sides; greatest difference %.1e, relative to the"
              + " tensor's greatest gradient %.1e (%s)",
          tensors,
          zero,
          greatest,
          relative,
          where);
    }
  }

  /** Compares with others. */
  Difference to(GradientFiles others) throws IOException {
    List<String> names = names();
    if (!names.equals(others.names())) {
      throw new IOException(
          "gradients must be of the same parameters but are of "
              + names
              + " and "
              + others.names());
    }
    int zero = 0;
    double greatest = 0;
    double relative = 0;
    String where = "none";
    for (String name : names) {
      FloatBuffer a = read(folder.resolve(name));
      FloatBuffer b = read(others.folder.resolve(name));
      if (a.limit() != b.limit()) {
        throw new IOException(
            name + " has " + a.limit() + " gradients on one side, " + b.limit() + " on the other");
      }
      double difference = 0;
      double largest = 0;
      for (int i = 0; i < a.limit(); i++) {
        difference = Math.max(difference, Math.abs((double) a.get(i) - b.get(i)));
        largest = Math.max(largest, Math.abs(a.get(i)));
      }
      if (largest == 0 && difference == 0) {
        zero++;
      } else if (difference / largest > relative) {
        relative = difference / largest;
        where = name;
      }
      greatest = Math.max(greatest, difference);
    }
    return new Difference(names.size(), zero, greatest, relative, where);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static FloatBuffer read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel
          .map(MapMode.READ_ONLY, 0, channel.size())
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer();
    }
  }
}
