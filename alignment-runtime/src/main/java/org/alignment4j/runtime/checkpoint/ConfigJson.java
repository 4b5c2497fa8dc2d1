package org.alignment4j.runtime.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a checkpoint folder, read key by key; every failure names file and field. A key
 * whose value is null counts as absent, as in Hugging Face configurations. Size and nesting are
 * bounded, duplicate keys refused. Immutable.
 */
public final class ConfigJson {

  private static final long MAX_BYTES = 64L << 20;

  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String place;
  private final ObjectNode node;

  private ConfigJson(String place, ObjectNode node) {
    this.place = place;
    this.node = node;
  }

  /**
   * Parses a JSON object.
   *
   * @param place name of the file, for messages
   * @throws CheckpointException if the text is no JSON object
   */
  public static ConfigJson parse(String place, String text) {
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return new ConfigJson(place, object);
      }
      throw new CheckpointException(place + " must be a JSON object");
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          place + " must be a JSON object but is not" + line(e) + ": " + e.getOriginalMessage(), e);
    }
  }

  private static String line(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  /**
   * A new JSON object.
   *
   * @param place name of the file it is for, for messages
   * @param content strings, numbers, booleans, lists and maps by key, in order
   */
  public static ConfigJson of(String place, Map<String, Object> content) {
    return new ConfigJson(place, JSON.valueToTree(content));
  }

  /**
   * Reads a JSON object.
   *
   * @throws CheckpointException if the file cannot be read, is too large or no JSON object
   */
  public static ConfigJson read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new CheckpointException(
            file + " must have at most " + MAX_BYTES + " bytes but has " + size);
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + " must be UTF-8 but is not", e);
    } catch (IOException e) {
      throw new CheckpointException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The object as JSON text, indented. */
  public String text() {
    return node.toPrettyString();
  }

  /** Every key whose value is not null, in order. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (has(key)) {
                keys.add(key);
              }
            });
    return keys;
  }

  /** Whether the key has a value other than null. */
  public boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Whether the key is there and its value is null: said to be nothing, not left to a default. */
  public boolean isNull(String key) {
    return node.has(key) && node.get(key).isNull();
  }

  /** A value as string, number, boolean, list or map, or null where absent. */
  public @Nullable Object plain(String key) {
    return has(key) ? JSON.convertValue(node.get(key), Object.class) : null;
  }

  /**
   * A failure that names this file and the field.
   *
   * @param problem rule, value and remedy
   */
  public CheckpointException error(String key, String problem) {
    return new CheckpointException(problem + " (field '" + key + "' of " + place + ")");
  }

  /** A positive integer that must be there. */
  public int requiredSize(String key) {
    if (!has(key)) {
      throw error(key, key + " must be given but is absent");
    }
    return size(key, 0);
  }

  /** A positive integer, or {@code absent}. */
  public int size(String key, int absent) {
    Integer value = integer(key);
    if (value == null) {
      return absent;
    }
    if (value <= 0) {
      throw error(key, key + " must be positive but was " + value);
    }
    return value;
  }

  /** An integer, or null where absent. */
  public @Nullable Integer integer(String key) {
    return has(key) ? integer(key, node.get(key)) : null;
  }

  /** One integer or a list of integers; empty where absent. */
  public List<Integer> integers(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = node.get(key);
    if (!value.isArray()) {
      return List.of(integer(key, value));
    }
    List<Integer> all = new ArrayList<>();
    value.forEach(v -> all.add(integer(key, v)));
    return List.copyOf(all);
  }

  private int integer(String key, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw error(key, key + " must be an integer but was " + value);
    }
    return value.intValue();
  }

  /** A finite number, or {@code absent}. */
  public double number(String key, double absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = node.get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw error(key, key + " must be a finite number but was " + value);
    }
    return value.doubleValue();
  }

  /** A list of finite numbers; empty where absent. */
  public List<Double> numbers(String key) {
    List<Double> all = new ArrayList<>();
    if (has(key)) {
      for (JsonNode value : array(key, "numbers")) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
          throw error(key, key + " must be a list of finite numbers but contains " + value);
        }
        all.add(value.doubleValue());
      }
    }
    return List.copyOf(all);
  }

  /** A boolean, or {@code absent}. */
  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = node.get(key);
    if (!value.isBoolean()) {
      throw error(key, key + " must be true or false but was " + value);
    }
    return value.booleanValue();
  }

  /** A string, or null where absent. */
  public @Nullable String string(String key) {
    if (!has(key)) {
      return null;
    }
    JsonNode value = node.get(key);
    if (!value.isTextual()) {
      throw error(key, key + " must be a string but was " + value);
    }
    return value.textValue();
  }

  /** A list of strings; empty where absent. */
  public List<String> strings(String key) {
    List<String> all = new ArrayList<>();
    if (has(key)) {
      for (JsonNode value : array(key, "strings")) {
        if (!value.isTextual()) {
          throw error(key, key + " must be a list of strings but contains " + value);
        }
        all.add(value.textValue());
      }
    }
    return List.copyOf(all);
  }

  private JsonNode array(String key, String elements) {
    JsonNode value = node.get(key);
    if (!value.isArray()) {
      throw error(key, key + " must be a list of " + elements + " but was " + value);
    }
    return value;
  }

  /** An inner object, or null where absent. */
  public @Nullable ConfigJson object(String key) {
    if (!has(key)) {
      return null;
    }
    if (node.get(key) instanceof ObjectNode object) {
      return new ConfigJson(place, object);
    }
    throw error(key, key + " must be an object but was " + node.get(key));
  }

  /**
   * This object with one value replaced or added.
   *
   * @param value a string, number, boolean, list or map
   */
  public ConfigJson with(String key, Object value) {
    ObjectNode copy = node.deepCopy();
    copy.set(key, JSON.valueToTree(value));
    return new ConfigJson(place, copy);
  }

  /** This object without a key. */
  public ConfigJson without(String key) {
    ObjectNode copy = node.deepCopy();
    copy.remove(key);
    return new ConfigJson(place, copy);
  }

  /** The place it was read from. */
  @Override
  public String toString() {
    return place;
  }
}
