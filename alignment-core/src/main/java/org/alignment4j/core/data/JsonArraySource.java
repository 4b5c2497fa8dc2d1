package org.alignment4j.core.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one JSON list, read one at a time: the list that a file is, or one that an object
 * of the file holds. Broken JSON ends the file: there is no line to go on from.
 */
final class JsonArraySource implements RowSource {

  private final String file;
  private final ReadOptions options;
  private final JsonParser parser;
  private final List<String> names;
  private boolean started;
  private boolean ended;

  /**
   * Creates a source.
   *
   * @param names the names that lead from the file's object to the list; none when the file is the
   *     list
   */
  JsonArraySource(String file, Reader text, List<String> names, ReadOptions options)
      throws IOException {
    this.file = file;
    this.options = options;
    this.names = names;
    this.parser = JsonValues.factory(options.limits()).createParser(text);
  }

  @Override
  public @Nullable Row next() throws IOException {
    try {
      if (ended) {
        return null;
      }
      if (!started && !enter()) {
        throw fatal(
            0, "the file must hold a list at '" + String.join(".", names) + "' but does not", null);
      }
      JsonToken token = parser.nextToken();
      long line = parser.currentTokenLocation().getLineNr();
      if (token == JsonToken.END_ARRAY || token == null) {
        ended = true;
        JsonToken after = parser.nextToken();
        if (after != null && names.isEmpty()) {
          throw fatal(line, "a JSON file must hold one list but goes on after it", null);
        }
        while (after != null) {
          after = parser.nextToken();
        }
        return null;
      }
      Object value = element(token, line);
      Map<String, @Nullable Object> values = JsonValues.row(value);
      if (values == null) {
        throw new RowException(
            file,
            line,
            null,
            Fault.SYNTAX,
            "an element must be an object or a string but was "
                + RowException.shown(String.valueOf(value)));
      }
      if (containsMalformed(values)) {
        throw new RowException(
            file, line, null, Fault.ENCODING, "an element must be UTF-8 but is malformed");
      }
      return new Row(file, line, values, options);
    } catch (StreamConstraintsException e) {
      throw fatal(lineOf(e), "JSON is beyond its bounds: " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      RowException syntax = JsonFaults.syntax(file, lineOf(e), e);
      throw new DataFormatException(
          file, lineOf(e), syntax.field().orElse(null), syntax.problem(), e);
    }
  }

  /** Whether the list is there; goes to its start. */
  boolean holdsList() throws IOException {
    try {
      return enter();
    } catch (JsonProcessingException e) {
      RowException syntax = JsonFaults.syntax(file, lineOf(e), e);
      throw new DataFormatException(
          file, lineOf(e), syntax.field().orElse(null), syntax.problem(), e);
    }
  }

  private boolean enter() throws IOException {
    started = true;
    parser.nextToken();
    for (String name : names) {
      if (parser.currentToken() != JsonToken.START_OBJECT || !enterField(name)) {
        return false;
      }
    }
    return names.isEmpty() || parser.currentToken() == JsonToken.START_ARRAY;
  }

  private boolean enterField(String name) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(name);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private @Nullable Object element(JsonToken token, long line) throws IOException {
    if (!token.isStructStart()) {
      return JsonValues.read(parser);
    }
    int depth = parser.getParsingContext().getNestingDepth();
    int limit = options.limits().maxLineBytes();
    long start = parser.currentTokenLocation().getCharOffset();
    try {
      return JsonValues.read(parser, start + limit);
    } catch (StreamConstraintsException e) {
      if (parser.currentLocation().getCharOffset() <= start + limit) {
        throw e;
      }
      while (parser.getParsingContext().getNestingDepth() >= depth) {
        parser.nextToken();
      }
      throw new RowException(
          file,
          line,
          null,
          Fault.TOO_LARGE,
          "an element must have at most "
              + limit
              + " characters but has more; raise maxLineBytes if wanted");
    }
  }

  private DataFormatException fatal(long line, String problem, @Nullable Throwable cause) {
    return new DataFormatException(file, line, null, problem, cause);
  }

  private static long lineOf(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
  }

  private static boolean containsMalformed(@Nullable Object value) {
    if (value instanceof String text) {
      return text.indexOf(DataInput.MALFORMED) >= 0;
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .anyMatch(e -> containsMalformed(e.getKey()) || containsMalformed(e.getValue()));
    }
    return value instanceof List<?> list
        && list.stream().anyMatch(JsonArraySource::containsMalformed);
  }
}
