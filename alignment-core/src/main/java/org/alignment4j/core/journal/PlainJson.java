package org.alignment4j.core.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * JSON of plain values: strings, booleans, whole numbers ({@code Byte} to {@code Long}), {@code
 * Float} and {@code Double}, null, lists, and maps with string names. Names are sorted by UTF-16
 * units and nothing is written between tokens, so equal values have one text.
 *
 * <p>Refused, since JSON has no unambiguous form for them: NaN and infinite numbers, other types,
 * and nesting beyond {@value #MAX_DEPTH}. Every Java string keeps its UTF-16 units, unpaired
 * surrogates included.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PlainJson {
  /** The deepest nesting of lists and maps. */
  public static final int MAX_DEPTH = 64;

  /** 2^53: up to here every whole double is that whole number and no other. */
  private static final double EXACT_WHOLE = 9_007_199_254_740_992.0;

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder();
  private final boolean merging;

  private PlainJson(boolean merging) {
    this.merging = merging;
  }

  /**
   * Writes a value so that reading gives it back: a {@code Double} stays one ({@code 1.0}).
   *
   * @throws IllegalArgumentException if a part has no JSON form; names the part
   */
  public static String write(@Nullable Object value) {
    PlainJson json = new PlainJson(false);
    json.append(value, "", 0);
    return json.out.toString();
  }

  /**
   * Writes a value so that equal content has equal text: {@code 1}, {@code 1L} and {@code 1.0} are
   * the same number, and so are {@code 0.0} and {@code -0.0}. The text does not depend on the Java
   * version.
   *
   * @throws IllegalArgumentException if a part has no JSON form; names the part
   */
  public static String canonical(@Nullable Object value) {
    PlainJson json = new PlainJson(true);
    json.append(value, "", 0);
    return json.out.toString();
  }

  /**
   * Returns the SHA-256 of {@link #canonical}: the key under which content is filed.
   *
   * @throws IllegalArgumentException if a part has no JSON form; names the part
   */
  public static ContentHash key(@Nullable Object value) {
    return ContentHash.of(canonical(value));
  }

  /**
   * Reads one value. Objects become maps in the order of the text, lists become lists, numbers
   * {@code Long} or {@code Double}; doubled names, text after the value, whole numbers beyond a
   * {@code long}, others beyond a {@code double} and nesting beyond {@value #MAX_DEPTH} are
   * refused.
   *
   * @param maxChars longest string
   * @throws IllegalArgumentException if the text is not JSON within these bounds
   */
  public static @Nullable Object read(String text, int maxChars) {
    try {
      Object value = reader(maxChars).readValue(text);
      requireFinite(value);
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A number such as 1e999 is JSON but no double. */
  private static void requireFinite(@Nullable Object value) {
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw new IllegalArgumentException("numbers must be those of double but one is beyond them");
    } else if (value instanceof List<?> list) {
      list.forEach(PlainJson::requireFinite);
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(PlainJson::requireFinite);
    }
  }

  private static ObjectReader reader(int maxChars) {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(maxChars)
                    .maxNameLength(maxChars)
                    .build())
            .build();
    return new JsonMapper(factory)
        .readerFor(Object.class)
        .with(DeserializationFeature.USE_LONG_FOR_INTS)
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private void append(@Nullable Object value, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "values must be nested at most " + MAX_DEPTH + " deep but go on at " + shown(place));
    }
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof String text) {
      appendString(text);
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      out.append(((Number) value).longValue());
    } else if (value instanceof Double || value instanceof Float) {
      appendDouble(((Number) value).doubleValue(), place);
    } else if (value instanceof List<?> list) {
      appendList(list, place, depth);
    } else if (value instanceof Map<?, ?> map) {
      appendMap(map, place, depth);
    } else {
      throw new IllegalArgumentException(
          "a value must be a string, boolean, long, double, null, list or map but "
              + shown(place)
              + " was "
              + value.getClass().getName());
    }
  }

  private void appendDouble(double value, String place) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "a number must be finite, since JSON has no form for others, but "
              + shown(place)
              + " was "
              + value
              + "; leave it out or write a text in its place");
    }
    if (merging && value == Math.rint(value) && Math.abs(value) <= EXACT_WHOLE) {
      out.append((long) value);
    } else {
      // The shortest digits that give the double back. Double.toString had longer ones before 19.
      out.append(NumberOutput.toString(value, true));
    }
  }

  private void appendList(List<?> list, String place, int depth) {
    out.append('[');
    int index = 0;
    for (Object element : list) {
      if (index > 0) {
        out.append(',');
      }
      append(element, place + "/" + index, depth + 1);
      index++;
    }
    out.append(']');
  }

  private void appendMap(Map<?, ?> map, String place, int depth) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException(
            "names must be strings but one in " + shown(place) + " was " + entry.getKey());
      }
      sorted.put(name, entry.getValue());
    }
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      appendString(entry.getKey());
      out.append(':');
      append(entry.getValue(), place + "/" + entry.getKey(), depth + 1);
    }
    out.append('}');
  }

  private void appendString(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c < ' ' || c == 0x7f) {
        appendEscape(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (Character.isSurrogate(c)) {
        // UTF-8 has no bytes for it and would write a question mark.
        appendEscape(c);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private void appendEscape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 15));
    }
  }

  private static String shown(String place) {
    return place.isEmpty() ? "the value itself" : place;
  }
}
