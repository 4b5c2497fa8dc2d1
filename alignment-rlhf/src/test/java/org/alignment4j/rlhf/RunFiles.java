package org.alignment4j.rlhf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEED = "tokens_per_second";

  private RunFiles() {}

  /**
   * Each file and what it holds: the metrics apart from the speed, all others as they are, among
   * them every weight, moment and counter of the checkpoints. Locks and unfinished files are none.
   */
  static Map<String, Object> of(Path run) throws IOException {
    Map<String, Object> files = new TreeMap<>();
    for (Path file : files(run)) {
      files.put(run.relativize(file).toString(), content(file));
    }
    return files;
  }

  private static Object content(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.equals(METRICS)) {
      return timeless(RunFolder.readMetrics(file.getParent()));
    }
    if (name.equals("manifest.json")) {
      ObjectNode manifest = (ObjectNode) JSON.readTree(file.toFile());
      // Hashes of whole files, whose headers may name the same things in another order.
      manifest.remove("files");
      return manifest;
    }
    if (name.equals("responses.jsonl")) {
      // What models were asked and answered, apart from the time it took.
      return Files.readString(file)
          .replaceAll("\"usage\":\\{[^}]*}", "")
          .replaceAll("\"crc\":\"[0-9a-f]*\"", "");
    }
    return name.endsWith(".safetensors") ? tensors(file) : Files.readString(file);
  }

  /** The header, in which the order of names means nothing, and a hash of all numbers. */
  private static List<Object> tensors(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    MessageDigest digest = Sha256.digest();
    digest.update(bytes, Long.BYTES + header, bytes.length - Long.BYTES - header);
    return List.of(JSON.readTree(bytes, Long.BYTES, header), Sha256.hex(digest));
  }

  /** The metrics of every run in the folder, those of iterations and rounds included. */
  static List<List<Metrics>> metrics(Path run) throws IOException {
    return files(run).stream()
        .filter(file -> String.valueOf(file.getFileName()).equals(METRICS))
        .map(file -> RunFolder.readMetrics(file.getParent()))
        .toList();
  }

  /** Metrics apart from the speed. */
  static List<Metrics> timeless(List<Metrics> metrics) {
    return metrics.stream().map(RunFiles::timeless).toList();
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
