package org.alignment4j.rlhf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;

/** What a run left in its folder, so that two runs can be compared. */
final class RunFiles {

  private static final String METRICS = "metrics.jsonl";
  private static final String SPEED = "tokens_per_second";

  private RunFiles() {}

  /**
   * Each file and what it holds: the metrics apart from the speed, all others as they are, among
   * them every weight, moment and counter of the checkpoints. Locks and unfinished files are none.
   */
  static Map<String, Object> of(Path run) throws IOException {
    Map<String, Object> files = new TreeMap<>();
    for (Path file : files(run)) {
      String name = run.relativize(file).toString();
      files.put(
          name,
          name.endsWith(METRICS)
              ? RunFolder.readMetrics(file.getParent()).stream().map(RunFiles::timeless).toList()
              : name.endsWith(".safetensors") ? hash(file) : Files.readString(file));
    }
    return files;
  }

  /** The metrics of every run in the folder, those of iterations and rounds included. */
  static List<List<Metrics>> metrics(Path run) throws IOException {
    return files(run).stream()
        .filter(file -> file.endsWith(METRICS))
        .map(file -> RunFolder.readMetrics(file.getParent()))
        .toList();
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    digest.update(Files.readAllBytes(file));
    return Sha256.hex(digest);
  }

  private static Metrics timeless(Metrics metrics) {
    Map<String, Double> values = new TreeMap<>(metrics.values());
    values.remove(SPEED);
    return new Metrics(metrics.step(), values);
  }

  private static List<Path> files(Path run) throws IOException {
    try (Stream<Path> all = Files.walk(run)) {
      return all.filter(Files::isRegularFile)
          .filter(
              file ->
                  Stream.of(run.relativize(file).toString().split("/"))
                      .noneMatch(part -> part.startsWith(".") || part.endsWith(".lock")))
          .sorted()
          .toList();
    }
  }
}
