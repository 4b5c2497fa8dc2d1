package org.alignment4j.examples.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON value of a reference file together with its place, so that what is missing is named.
 *
 * @param node the value
 * @param place file and keys down to the value
 */
record Fixture(JsonNode node, String place) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is not JSON
   */
  static Fixture read(Path file) throws IOException {
    try {
      return new Fixture(JSON.readTree(file.toFile()), String.valueOf(file.getFileName()));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " must be JSON but is not: " + e.getOriginalMessage(), e);
    }
  }

  /** Whether a key has a value other than null. */
  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /**
   * The value of a key that must be there.
   *
   * @throws IllegalArgumentException if it is absent or null
   */
  Fixture get(String key) {
    if (!has(key)) {
      throw new IllegalArgumentException(place + " must have the key '" + key + "' but lacks it");
    }
    return new Fixture(node.get(key), place + "/" + key);
  }

  /** The keys with a value other than null, in their order. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    keys.removeIf(key -> !has(key));
    return keys;
  }

  /** The elements of a list. */
  List<Fixture> elements() {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    List<Fixture> all = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      all.add(new Fixture(node.get(i), place + "[" + i + "]"));
    }
    return all;
  }

  /** The value as a number. */
  double number() {
    if (!node.isNumber()) {
      throw wrong("a number");
    }
    return node.doubleValue();
  }

  /** The value as an integer. */
  int integer() {
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      throw wrong("an integer");
    }
    return node.intValue();
  }

  /** The value as a text. */
  String text() {
    if (!node.isTextual()) {
      throw wrong("a text");
    }
    return node.textValue();
  }

  /** A number, or {@code absent} where the key is not there. */
  double number(String key, double absent) {
    return has(key) ? get(key).number() : absent;
  }

  /** A text, or {@code absent} where the key is not there. */
  String text(String key, String absent) {
    return has(key) ? get(key).text() : absent;
  }

  /** The value as a list of numbers. */
  double[] numbers() {
    return elements().stream().mapToDouble(Fixture::number).toArray();
  }

  /** The value as a list of integers. */
  int[] integers() {
    return elements().stream().mapToInt(Fixture::integer).toArray();
  }

  /** The value as a list of lists of integers. */
  List<int[]> integerRows() {
    return elements().stream().map(Fixture::integers).toList();
  }

  private IllegalArgumentException wrong(String type) {
    String shown = node.toString();
    return new IllegalArgumentException(
        "%s must be %s but was %s"
            .formatted(place, type, shown.length() > 80 ? shown.substring(0, 80) + "…" : shown));
  }
}
