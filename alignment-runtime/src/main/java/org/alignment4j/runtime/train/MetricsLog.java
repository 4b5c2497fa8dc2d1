package org.alignment4j.runtime.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.JsonLinesWriter;
import org.alignment4j.core.files.UninterruptibleFile;

/**
 * {@code metrics.jsonl}: a first line with format and version, then one object per step in order.
 * Numbers that are not finite are strings.
 */
final class MetricsLog implements AutoCloseable {
  private static final String FORMAT = "alignment4j-metrics";
  private static final int VERSION = 1;

  private final Path file;
  private final JsonLinesWriter writer;
  private long lastStep;

  private MetricsLog(Path file, JsonLinesWriter writer, long lastStep) {
    this.file = file;
    this.writer = writer;
    this.lastStep = lastStep;
  }

  /** Opens the log and drops what a resumed run will write again: steps after {@code step}. */
  static MetricsLog open(Path file, long step) {
    long lastStep = 0;
    if (Files.exists(file)) {
      Kept kept = scan(file, step);
      truncate(file, kept.bytes);
      lastStep = kept.metrics.isEmpty() ? 0 : kept.metrics.get(kept.metrics.size() - 1).step();
    }
    JsonLinesWriter writer = JsonLinesWriter.open(file);
    try {
      if (Files.size(file) == 0) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("format", FORMAT);
        header.put("version", VERSION);
        writer.append(header);
      }
    } catch (IOException e) {
      writer.close();
      throw new RunFolderException("could not read " + file + ": " + e.getMessage(), e);
    }
    return new MetricsLog(file, writer, lastStep);
  }

  void append(Metrics metrics) {
    if (metrics.step() <= lastStep) {
      throw new IllegalArgumentException(
          "step must be above the last one, " + lastStep + ", but was " + metrics.step());
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", metrics.step());
    line.putAll(metrics.values());
    writer.append(line);
    lastStep = metrics.step();
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
    return scan(file, Long.MAX_VALUE).metrics;
  }

  @Override
  public void close() {
    writer.close();
  }

  /** Leading lines that stay, and where they end. */
  private record Kept(List<Metrics> metrics, long bytes) {}

  private static Kept scan(Path file, long step) {
    List<Metrics> metrics = new ArrayList<>();
    long end = 0;
    int number = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.write(b);
        if (b != '\n') {
          continue;
        }
        number++;
        JsonNode node = RunJson.parse(line.toByteArray(), line.size());
        if (number == 1) {
          RunJson.checkHeader(node, file, FORMAT, VERSION);
        } else {
          Metrics parsed = metrics(node);
          if (parsed.step() > step) {
            break;
          }
          metrics.add(parsed);
        }
        end += line.size();
        line.reset();
      }
    } catch (IOException e) {
      throw new RunFolderException(
          "line "
              + Math.max(number, 1)
              + " of "
              + file
              + " is damaged: "
              + e.getMessage()
              + "; repair or remove the line",
          e);
    }
    return new Kept(metrics, end);
  }

  private static Metrics metrics(JsonNode node) throws IOException {
    if (!node.path("step").canConvertToLong()) {
      throw new IOException("step is missing");
    }
    if (node.path("step").asLong() < 0) {
      throw new IOException("step is negative");
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().equals("step")) {
        values.put(field.getKey(), number(field.getKey(), field.getValue()));
      }
    }
    return new Metrics(node.path("step").asLong(), values);
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

  private static void truncate(Path file, long bytes) {
    try (UninterruptibleFile opened = UninterruptibleFile.open(file, StandardOpenOption.WRITE)) {
      opened.truncate(bytes);
    } catch (IOException e) {
      throw new RunFolderException("could not shorten " + file + ": " + e.getMessage(), e);
    }
  }
}
