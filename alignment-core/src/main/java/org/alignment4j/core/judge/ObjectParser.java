package org.alignment4j.core.judge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.core.journal.PlainJson;
import org.jspecify.annotations.Nullable;

/** See {@link ReplyParser#object}. A reply is data: it is parsed, never evaluated. */
final class ObjectParser implements ReplyParser<Map<String, Object>> {
  private static final int MAX_REPLY_CHARS = 1 << 18;
  private static final int MAX_STARTS = 1000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(PlainJson.MAX_DEPTH).build())
          .build();

  private final Map<String, FieldKind> fields;

  ObjectParser(Map<String, FieldKind> fields) {
    this.fields = ImmutableMap.copyOf(fields);
    if (this.fields.isEmpty()) {
      throw new IllegalArgumentException("fields must contain at least one field");
    }
  }

  @Override
  public Parsed<Map<String, Object>> parse(Reply reply) {
    String text = reply.text();
    if (text.length() > MAX_REPLY_CHARS) {
      return new Parsed.Nothing<>("it is too long.");
    }
    String last = null;
    int end = 0;
    int starts = 0;
    int at = text.indexOf('{');
    while (at >= 0 && starts++ < MAX_STARTS) {
      int length = objectLength(text, at);
      if (length > 0) {
        end = at + length;
        last = text.substring(at, end);
      }
      at = text.indexOf('{', length > 0 ? end : at + 1);
    }
    if (last == null) {
      return new Parsed.Nothing<>("it has no JSON object.");
    }
    if (at >= 0) {
      return new Parsed.Nothing<>("it has too many braces.");
    }
    // A fence of backquotes may follow; a sentence that breaks off may not.
    if (reply.truncated() && !text.substring(end).replace("`", "").isBlank()) {
      return new Parsed.Nothing<>("it was cut off before its end.");
    }
    Object value = PlainJson.read(last, MAX_REPLY_CHARS);
    return value instanceof Map<?, ?> map
        ? select(map)
        : new Parsed.Nothing<>("it has no JSON object.");
  }

  private Parsed<Map<String, Object>> select(Map<?, ?> map) {
    Map<String, Object> selected = new LinkedHashMap<>();
    for (Map.Entry<String, FieldKind> field : fields.entrySet()) {
      @Nullable Object value = field.getValue().of(map.get(field.getKey()));
      if (value == null) {
        return new Parsed.Nothing<>(
            "the field \""
                + field.getKey()
                + "\" of its JSON object is not "
                + field.getValue().description()
                + ".");
      }
      selected.put(field.getKey(), value);
    }
    return new Parsed.Value<>(ImmutableMap.copyOf(selected));
  }

  /** How long the object that starts there is; 0 when none does. */
  private static int objectLength(String text, int start) {
    try (JsonParser parser = JSON.createParser(text.substring(start))) {
      int depth = 0;
      JsonToken token = parser.nextToken();
      while (token != null) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd() && --depth == 0) {
          int length = (int) parser.currentLocation().getCharOffset();
          PlainJson.read(text.substring(start, start + length), MAX_REPLY_CHARS);
          return length;
        }
        token = parser.nextToken();
      }
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      return 0;
    }
  }

  @Override
  public String form() {
    return "The verdict is a JSON object with the fields "
        + fields.entrySet().stream()
            .map(f -> "\"" + f.getKey() + "\" (" + f.getValue().description() + ")")
            .collect(Collectors.joining(", "))
        + ".";
  }
}
