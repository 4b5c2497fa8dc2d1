package org.alignment4j.runtime.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.RunFolderException;

/** {@code metrics.jsonl}: a {@link StepLog} of one object per step. */
final class MetricsLog implements AutoCloseable {
  private static final String FORMAT = "alignment4j-metrics";
  private static final int VERSION = 1;

  private final Path file;
  private final StepLog log;

  private MetricsLog(Path file, StepLog log) {
    this.file = file;
    this.log = log;
  }

  /** Opens the log and drops what a resumed run will write again: steps after {@code step}. */
  static MetricsLog open(Path file, long step) {
    return new MetricsLog(file, StepLog.open(file, FORMAT, VERSION, step, MetricsLog::metrics));
  }

  void append(Metrics metrics) {
    if (metrics.step() <= log.lastStep()) {
      throw new IllegalArgumentException(
          "step must be above the last one, " + log.lastStep() + ", but was " + metrics.step());
    }
    log.append(metrics.step(), metrics.values());
  }

  List<Metrics> read() {
    return read(file);
  }

  /** Reads a log that need not be open. */
  static List<Metrics> read(Path file) {
    if (!Files.exists(file)) {
      throw new RunFolderException(
          file + " must hold the metrics of a run but does not exist; name the folder of a run");
    }
    return StepLog.scan(file, FORMAT, VERSION, Long.MAX_VALUE, MetricsLog::metrics).lines();
  }

  @Override
  public void close() {
    log.close();
  }

  private static Metrics metrics(long step, JsonNode node) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().equals("step")) {
        values.put(field.getKey(), number(field.getKey(), field.getValue()));
      }
    }
    return new Metrics(step, values);
  }

  private static double number(String name, JsonNode value) throws IOException {
    if (value.isNumber()) {
      return value.asDouble();
    }
    try {
      return Double.parseDouble(value.asText());
    } catch (NumberFormatException e) {
      throw new IOException(name + " is no number", e);
    }
  }
}
