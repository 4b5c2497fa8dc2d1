package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process has resident after a collection, in MiB; -1 where the system does not tell.
 *
 * @param total all of it
 * @param own anonymous pages
 * @param mapped pages of files, whether on a disk or in memory
 */
record ResidentMemory(long total, long own, long mapped) {

  private static final long KIB_PER_MIB = 1024;

  static ResidentMemory now() throws IOException {
    System.gc();
    return new ResidentMemory(
        read("VmRSS:"), read("RssAnon:"), read("RssFile:") + Math.max(0, read("RssShmem:")));
  }

  private static long read(String field) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB;
        }
      }
    }
    return -1;
  }
}
