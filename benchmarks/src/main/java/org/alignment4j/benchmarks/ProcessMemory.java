package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process, as Linux counts it. */
final class ProcessMemory {

  private static final long KIBIBYTES = 1024;

  private ProcessMemory() {}

  /**
   * Reads a figure from {@code /proc/self/status}.
   *
   * @param field such as {@code VmHWM}, the peak of resident memory
   * @return MiB, or −1 where there is no such figure
   */
  static long mebibytes(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIBIBYTES;
      }
    }
    return -1;
  }
}
