package org.alignment4j.rlhf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.AtomicFiles;

/**
 * Log-probabilities in a file of a run folder, in named lists, under a key of all they depend on. A
 * file of another key, of an older version, or a damaged one, counts as none. The folder must be
 * owned by the run that reads and writes.
 *
 * @param file where they lie
 * @param key what they depend on
 * @param lengths of the lists, by name
 */
record LogProbFile(Path file, String key, Map<String, Integer> lengths) {

  private static final String FORMAT = "alignment4j-reference-logprobs";
  private static final int VERSION = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the file holds, or else what is computed, which is written. */
  Map<String, double[]> readOrWrite(Supplier<Map<String, double[]>> compute) {
    Optional<Map<String, double[]>> kept = read();
    if (kept.isPresent()) {
      return kept.get();
    }
    Map<String, double[]> computed = compute.get();
    write(computed);
    return computed;
  }

  /** What the file holds, if it has the key. */
  Optional<Map<String, double[]>> read() {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException damaged) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RunFolderException("could not read " + file + ": " + e.getMessage(), e);
    }
    if (root.path("format").asText().equals(FORMAT) && root.path("version").asInt() > VERSION) {
      throw new RunFolderException(
          "%s must have format %s up to version %s but has version %s; use a newer release"
              .formatted(file, FORMAT, VERSION, root.path("version").asInt()));
    }
    if (root.path("version").asInt() != VERSION || !root.path("key").asText().equals(key)) {
      return Optional.empty();
    }
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Map.Entry<String, Integer> list : lengths.entrySet()) {
      JsonNode numbers = root.path(list.getKey());
      for (JsonNode number : numbers) {
        if (!number.isNumber()) {
          return Optional.empty();
        }
      }
      if (numbers.size() != list.getValue()) {
        return Optional.empty();
      }
      values.put(list.getKey(), doubles(numbers));
    }
    return Optional.of(values);
  }

  private static double[] doubles(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).doubleValue();
    }
    return values;
  }

  void write(Map<String, double[]> logProbs) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION).put("key", key);
    for (String name : new TreeSet<>(lengths.keySet())) {
      ArrayNode list = root.putArray(name);
      for (double value : Objects.requireNonNull(logProbs.get(name))) {
        list.add(value);
      }
    }
    AtomicFiles.write(file, root.toString());
  }
}
