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
import org.apiguardian.api.API;

/**
 * A log of a run: a first line with format and version, then objects with a {@code step} that never
 * falls. Numbers that are not finite are strings. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StepLog implements AutoCloseable {
  private final JsonLinesWriter writer;
  private long lastStep;

  private StepLog(JsonLinesWriter writer, long lastStep) {
    this.writer = writer;
    this.lastStep = lastStep;
  }

  /** Makes something of a line. */
  interface Parser<T> {
    T parse(long step, JsonNode line) throws IOException;
  }

  /** Opens a log and drops what a resumed run will write again: lines of steps after one. */
  static StepLog open(Path file, String format, int version, long step) {
    return open(file, format, version, step, (number, line) -> line);
  }

  static <T> StepLog open(Path file, String format, int version, long step, Parser<T> parser) {
    long lastStep = -1;
    if (Files.exists(file)) {
      Kept<T> kept = scan(file, format, version, step, parser);
      truncate(file, kept.bytes);
      lastStep = kept.lastStep;
    }
    JsonLinesWriter writer = JsonLinesWriter.open(file);
    try {
      if (Files.size(file) == 0) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("format", format);
        header.put("version", version);
        writer.append(header);
      }
    } catch (IOException e) {
      writer.close();
      throw new RunFolderException("could not read " + file + ": " + e.getMessage(), e);
    }
    return new StepLog(writer, lastStep);
  }

  /**
   * Appends an object.
   *
   * @param step its step, not below the last one
   * @param fields its other fields: strings, numbers, booleans, lists and maps of these
   * @throws IllegalArgumentException when the step is below the last one
   * @throws org.alignment4j.api.AlignmentException when the disk fails
   */
  public void append(long step, Map<String, ?> fields) {
    if (step < lastStep) {
      throw new IllegalArgumentException(
          "step must not be below the last one, " + lastStep + ", but was " + step);
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.putAll(fields);
    writer.append(line);
    lastStep = step;
  }

  long lastStep() {
    return lastStep;
  }

  /** Forces all lines to the disk. */
  void force() {
    writer.force();
  }

  @Override
  public void close() {
    writer.close();
  }

  /**
   * Reads a log that need not be open.
   *
   * @param file where it lies
   * @param format name in its first line
   * @param version highest number in its first line that is understood
   * @return the objects after the first line, in order; a last line that is still being written is
   *     left out
   * @throws RunFolderException when the file is missing, damaged or of another format
   */
  public static List<Map<String, Object>> read(Path file, String format, int version) {
    return scan(file, format, version, Long.MAX_VALUE, (step, line) -> RunJson.fields(line))
        .lines();
  }

  /** What of a log's lines up to a step was made, and where they end. */
  record Kept<T>(List<T> lines, long lastStep, long bytes) {}

  static <T> Kept<T> scan(Path file, String format, int version, long limit, Parser<T> parser) {
    List<T> lines = new ArrayList<>();
    long end = 0;
    long lastStep = -1;
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
          RunJson.checkHeader(node, file, format, version);
        } else {
          long step = step(node);
          T parsed = parser.parse(step, node);
          if (step > limit) {
            break;
          }
          lines.add(parsed);
          lastStep = step;
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
    return new Kept<>(lines, lastStep, end);
  }

  private static long step(JsonNode node) throws IOException {
    if (!node.path("step").canConvertToLong()) {
      throw new IOException("step is missing");
    }
    long step = node.path("step").asLong();
    if (step < 0) {
      throw new IOException("step is negative");
    }
    return step;
  }

  private static void truncate(Path file, long bytes) {
    try (UninterruptibleFile opened = UninterruptibleFile.open(file, StandardOpenOption.WRITE)) {
      opened.truncate(bytes);
    } catch (IOException e) {
      throw new RunFolderException("could not shorten " + file + ": " + e.getMessage(), e);
    }
  }
}
