package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.Parameter.Role;

/**
 * The floor under the time of a token of one sequence: every weight of blocks and head has to be
 * read once. The rate of reading is measured before and after each decoding, of which the better
 * counts. What is read of the embeddings and of the cache is left out.
 */
final class DecodeFloor implements AutoCloseable {

  private static final Path CACHE = Path.of("/sys/devices/system/cpu/cpu0/cache/index3/size");
  private static final int CACHES = 4;
  private static final double GIGA = 1e9;

  private final double bytes;
  private final ChildProcess reader;
  private final List<Double> gigabytes = new ArrayList<>();
  private final List<Double> percent = new ArrayList<>();

  /** Starts the process that reads an array of four times the last level's cache. */
  DecodeFloor(Architecture architecture, long cacheBytes) throws IOException {
    bytes = bytesPerToken(architecture);
    reader =
        new ChildProcess(
            ChildProcess.java(
                List.of(), ReadRate.class, List.of(Long.toString(CACHES * cacheBytes))),
            Map.of());
    reader.expect(ReadRate.READY);
  }

  /** Bytes of the last level's cache as the system tells it; 0 where it does not. */
  static long cacheBytes() throws IOException {
    if (!Files.isReadable(CACHE)) {
      return 0;
    }
    String size = Files.readString(CACHE).strip();
    long number = Long.parseLong(size.replaceAll("[^0-9]", ""));
    return size.endsWith("K") ? number << 10 : size.endsWith("M") ? number << 20 : number;
  }

  private static double bytesPerToken(Architecture architecture) {
    boolean ownHead =
        architecture.parameters().stream().anyMatch(p -> p.role() == Parameter.Role.HEAD);
    return Float.BYTES
        * (double)
            architecture.parameters().stream()
                .filter(p -> p.role() != Role.POSITION_EMBEDDING)
                .filter(p -> p.role() != Role.TOKEN_EMBEDDING || !ownHead)
                .mapToLong(Parameter::size)
                .sum();
  }

  /**
   * Decodes between two measurements of the read rate.
   *
   * @param decoding gives tokens per second
   * @param counts whether the round is not one to warm up
   * @return what the decoding gave
   */
  double around(DoubleSupplier decoding, boolean counts) throws IOException {
    double before = Double.parseDouble(reader.ask(ReadRate.MEASURE));
    double rate = decoding.getAsDouble();
    double after = Double.parseDouble(reader.ask(ReadRate.MEASURE));
    if (counts) {
      double read = Math.max(before, after);
      gigabytes.add(read);
      percent.add(100 * rate / (read * GIGA / bytes));
    }
    return rate;
  }

  /** What was found, round by round and in the median. */
  String text() {
    return String.format(
        Locale.ROOT,
        "floor of float32 at batch 1: %.0f MB a token; read, GB/s: %s; share of the floor, %%: %s,"
            + " round by round %s",
        bytes / 1e6,
        Spread.of(gigabytes).text(1),
        Spread.of(percent).text(0),
        percent.stream()
            .map(share -> String.format(Locale.ROOT, "%.0f", share))
            .collect(Collectors.joining(" ")));
  }

  @Override
  public void close() {
    reader.close();
  }
}
