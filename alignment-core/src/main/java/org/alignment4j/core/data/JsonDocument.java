package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A file that is one JSON object over any number of lines, such as a declaration: its complaints
 * name the line of the field at fault. Immutable.
 *
 * @param root the object
 * @param hash the hash of the text, without a byte order mark
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JsonDocument(Row root, ContentHash hash) {

  /** The largest file, in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  /** Checks that nothing is missing. */
  public JsonDocument {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(hash, "hash");
  }

  /**
   * Reads a file.
   *
   * @param path the file, UTF-8
   * @throws DataFormatException if it is missing, larger than {@link #MAX_BYTES}, not UTF-8 or not
   *     one JSON object
   */
  public static JsonDocument read(Path path) {
    String file = path.toString();
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new DataFormatException(
            file, 0, null, "the file must have at most " + MAX_BYTES + " bytes but has more");
      }
      byte[] bytes = Files.readAllBytes(path);
      return parse(file, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new DataFormatException(
          file, 0, null, "the file must be UTF-8 but is not; convert it first", e);
    } catch (NoSuchFileException e) {
      throw new DataFormatException(file, 0, null, "the file must exist but does not", e);
    } catch (IOException e) {
      throw new DataFormatException(file, 0, null, "cannot read the file: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a text.
   *
   * @param name what to call it in complaints, such as the name of a resource
   * @param text the text
   * @throws DataFormatException if it is not one JSON object
   */
  public static JsonDocument parse(String name, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try (JsonParser parser = JsonValues.factory(DataLimits.DEFAULT).createParser(content)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new DataFormatException(
            name, 0, null, "the file must hold one JSON object but holds something else");
      }
      long start = parser.currentTokenLocation().getLineNr();
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      Map<String, Long> lines = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        lines.put(field, (long) parser.currentTokenLocation().getLineNr());
        parser.nextToken();
        values.put(field, JsonValues.read(parser));
      }
      if (parser.nextToken() != null) {
        throw new DataFormatException(
            name,
            parser.currentTokenLocation().getLineNr(),
            null,
            "the file must hold one JSON object but goes on after it");
      }
      Row root =
          Row.ofDocument(
              name, start, Collections.unmodifiableMap(values), Collections.unmodifiableMap(lines));
      return new JsonDocument(root, ContentHash.of(content));
    } catch (JsonProcessingException e) {
      long line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
      throw JsonFaults.syntax(name, line, e);
    } catch (IOException e) {
      throw new DataFormatException(name, 0, null, "cannot read the text: " + e.getMessage(), e);
    }
  }
}
