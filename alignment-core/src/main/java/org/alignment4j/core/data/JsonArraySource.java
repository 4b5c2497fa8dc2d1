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
 * The objects of one JSON list, read one at a time. Broken JSON ends the file: there is no line to
 * go on from.
 */
final class JsonArraySource implements RowSource {

  private final String file;
  private final ReadOptions options;
  private final JsonParser parser;
  private boolean started;

  JsonArraySource(String file, Reader text, ReadOptions options) throws IOException {
    this.file = file;
    this.options = options;
    this.parser = JsonValues.factory(options.limits()).createParser(text);
  }

  @Override
  public @Nullable Row next() throws IOException {
    try {
      if (!started) {
        started = true;
        if (parser.nextToken() == null) {
          return null;
        }
      }
      JsonToken token = parser.nextToken();
      long line = parser.currentTokenLocation().getLineNr();
      if (token == JsonToken.END_ARRAY || token == null) {
        if (parser.nextToken() != null) {
          throw fatal(line, "a JSON file must hold one list but goes on after it", null);
        }
        return null;
      }
      if (token != JsonToken.START_OBJECT) {
        Object value = JsonValues.read(parser);
        throw new RowException(
            file,
            line,
            null,
            Fault.SYNTAX,
            "an element must be an object but was " + RowException.shown(String.valueOf(value)));
      }
      Map<String, @Nullable Object> values = JsonValues.readObject(parser);
      if (containsMalformed(values)) {
        throw new RowException(
            file, line, null, Fault.ENCODING, "an element must be UTF-8 but is malformed");
      }
      return new Row(file, line, "", values, options);
    } catch (StreamConstraintsException e) {
      throw fatal(lineOf(e), "JSON is beyond its bounds: " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      RowException syntax = JsonFaults.syntax(file, lineOf(e), e);
      throw new DataFormatException(
          file, lineOf(e), syntax.field().orElse(null), syntax.problem(), e);
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
