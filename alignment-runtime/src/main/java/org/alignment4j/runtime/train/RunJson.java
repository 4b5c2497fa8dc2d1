package org.alignment4j.runtime.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.RunFolderException;

/** The small JSON files of a run folder, each with its format and version. */
final class RunJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** More than any of these files needs; a larger one is not ours. */
  private static final long MAX_BYTES = 16L << 20;

  private RunJson() {}

  /**
   * Reads an object and checks its format and version.
   *
   * @throws IOException when the file is missing, damaged or of another format
   * @throws RunFolderException when its version is newer than {@code version}
   */
  static JsonNode read(Path file, String format, int version) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
    }
    JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
    checkHeader(node, file, format, version);
    return node;
  }

  /** Checks the {@code format} and {@code version} fields as {@link #read} does. */
  static void checkHeader(JsonNode node, Path file, String format, int version) throws IOException {
    if (!node.isObject() || !node.path("format").asText().equals(format)) {
      throw new IOException("format of " + file + " must be " + format);
    }
    int found = node.path("version").asInt(-1);
    if (found > version) {
      throw new RunFolderException(
          file
              + " must have "
              + format
              + " version "
              + version
              + " or older but has version "
              + found
              + "; use the release that wrote it");
    }
    if (found < 1) {
      throw new IOException("version of " + file + " must be at least 1");
    }
  }

  static JsonNode parse(byte[] bytes, int length) throws IOException {
    return MAPPER.readTree(bytes, 0, length);
  }

  static byte[] bytes(String format, int version, Map<String, ?> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", format);
    all.put("version", version);
    all.putAll(fields);
    return MAPPER.valueToTree(all).toPrettyString().getBytes(StandardCharsets.UTF_8);
  }

  /** An object on one line. */
  static byte[] compact(Map<String, ?> fields) {
    return MAPPER.valueToTree(fields).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Fields of an object as maps, lists, strings and numbers, in order. */
  static Map<String, Object> fields(JsonNode node) {
    return MAPPER.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /** Fields of an object of strings, in order. */
  static Map<String, String> strings(JsonNode node) {
    Map<String, String> strings = new LinkedHashMap<>();
    node.fields().forEachRemaining(e -> strings.put(e.getKey(), e.getValue().asText()));
    return strings;
  }
}
