package org.alignment4j.core.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns JSON tokens into plain values: maps, lists, strings, Long, Double, Boolean, null. */
final class JsonValues {

  /** The one field of a row that is only text. */
  static final String TEXT = "text";

  private JsonValues() {}

  /** A factory whose parsers refuse duplicate names and hold the bounds. */
  static JsonFactory factory(DataLimits limits) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .maxStringLength(limits.maxStringChars())
                .maxNameLength(Math.min(limits.maxStringChars(), 50_000))
                .build())
        .build();
  }

  /**
   * The row that a value is: an object, or a string as the field {@code text}; null if it is
   * neither.
   */
  static @Nullable Map<String, @Nullable Object> row(@Nullable Object value) {
    if (value instanceof String text) {
      return Map.of(TEXT, text);
    }
    return value instanceof Map<?, ?> ? asObject(value) : null;
  }

  @SuppressWarnings("unchecked") // readObject builds every map with string keys
  private static Map<String, @Nullable Object> asObject(Object value) {
    return (Map<String, @Nullable Object>) value;
  }

  /** Reads the value whose first token is the parser's current one. */
  static @Nullable Object read(JsonParser parser) throws IOException {
    return read(parser, Long.MAX_VALUE);
  }

  /**
   * Reads the value whose first token is the parser's current one, unless it goes on beyond a
   * place.
   *
   * @param maxOffset the last place, in characters of the file
   * @throws StreamConstraintsException if it does; the parser then stands within the value
   */
  static @Nullable Object read(JsonParser parser, long maxOffset) throws IOException {
    if (parser.currentLocation().getCharOffset() > maxOffset) {
      throw new StreamConstraintsException(
          "a row is longer than allowed", parser.currentLocation());
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> readObject(parser, maxOffset);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser, maxOffset));
        }
        yield Collections.unmodifiableList(list);
      }
      case VALUE_STRING -> wellFormed(parser, parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) parser.getDoubleValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + token);
    };
  }

  private static Map<String, @Nullable Object> readObject(JsonParser parser, long maxOffset)
      throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = wellFormed(parser, parser.currentName());
      parser.nextToken();
      map.put(name, read(parser, maxOffset));
    }
    return Collections.unmodifiableMap(map);
  }

  /** The index of a UTF-16 unit that is half of no character, or -1. */
  static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** Escapes can state halves of characters, which no tokenizer and no file can hold. */
  private static String wellFormed(JsonParser parser, String text) throws JsonParseException {
    int index = loneSurrogate(text);
    if (index >= 0) {
      throw new JsonParseException(
          parser,
          String.format(
              Locale.ROOT,
              "a string must be Unicode text but has half of a surrogate pair, \\u%04x",
              (int) text.charAt(index)));
    }
    return text;
  }
}
