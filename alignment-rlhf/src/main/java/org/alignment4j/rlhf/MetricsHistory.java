package org.alignment4j.rlhf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;

/**
 * The metrics of every update of a run, from {@code metrics.jsonl} of its {@linkplain RunFolder
 * folder}: those of the processes it was interrupted in too.
 */
final class MetricsHistory {

  static final String FILE = "metrics.jsonl";
  private static final String STEP = "step";
  private static final ObjectMapper JSON = new ObjectMapper();

  private MetricsHistory() {}

  /**
   * Reads the metrics of a run that ended.
   *
   * @throws RunFolderException when the file cannot be read
   */
  static List<Metrics> read(Path folder) {
    Path file = folder.resolve(FILE);
    List<Metrics> metrics = new ArrayList<>();
    try {
      // the first line holds format and version, which the run has checked
      List<String> lines = Files.readAllLines(file);
      for (int i = 1; i < lines.size(); i++) {
        metrics.add(parse(JSON.readTree(lines.get(i))));
      }
    } catch (JsonProcessingException e) {
      throw new RunFolderException(
          "line "
              + (metrics.size() + 2)
              + " of "
              + file
              + " must be a JSON object but is damaged: "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new RunFolderException("could not read " + file + ": " + e.getMessage(), e);
    }
    return metrics;
  }

  /** Numbers that are not finite are strings. */
  private static Metrics parse(JsonNode line) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : line.properties()) {
      if (!field.getKey().equals(STEP)) {
        JsonNode value = field.getValue();
        values.put(
            field.getKey(),
            value.isNumber() ? value.doubleValue() : Double.parseDouble(value.asText()));
      }
    }
    return new Metrics(line.path(STEP).asLong(), values);
  }
}
