package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line. Lines are cut at line feeds before decoding, so faults stay in theirs.
 */
final class JsonLinesSource implements RowSource {

  private final String file;
  private final InputStream bytes;
  private final ReadOptions options;
  private final JsonFactory json;
  // A decoder that reports malformed bytes instead of replacing them.
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private byte[] line = new byte[8192];
  private int length;
  private long lineNumber;

  JsonLinesSource(String file, InputStream bytes, ReadOptions options) {
    this.file = file;
    this.bytes = bytes;
    this.options = options;
    this.json = JsonValues.factory(options.limits());
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (readLine()) {
      String text = decode();
      if (!text.isBlank()) {
        return parse(text);
      }
    }
    return null;
  }

  /** Reads up to and without the next line feed; false at the end of the file. */
  private boolean readLine() throws IOException {
    length = 0;
    int limit = options.limits().maxLineBytes();
    boolean tooLong = false;
    int b;
    while ((b = bytes.read()) >= 0 && b != '\n') {
      if (length == limit) {
        tooLong = true;
        continue;
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, (int) Math.min(limit, 2L * length));
      }
      line[length++] = (byte) b;
    }
    if (b < 0 && length == 0) {
      return false;
    }
    lineNumber++;
    if (tooLong) {
      throw fault(
          Fault.TOO_LARGE,
          "a line must have at most "
              + limit
              + " bytes but has more; raise maxLineBytes if wanted");
    }
    return true;
  }

  private String decode() {
    try {
      return decoder.decode(ByteBuffer.wrap(line, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw fault(
          Fault.ENCODING, "a line must be UTF-8 but is malformed; convert the file to UTF-8 first");
    }
  }

  private Row parse(String text) throws IOException {
    try (JsonParser parser = json.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw fault(
            Fault.SYNTAX, "a line must be a JSON object but starts " + RowException.shown(text));
      }
      Row row = new Row(file, lineNumber, "", JsonValues.readObject(parser), options);
      if (parser.nextToken() != null) {
        throw fault(Fault.SYNTAX, "a line must hold one JSON object but goes on after it");
      }
      return row;
    } catch (StreamConstraintsException e) {
      throw fault(Fault.TOO_LARGE, "JSON is beyond its bounds: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw JsonFaults.syntax(file, lineNumber, e);
    }
  }

  private RowException fault(Fault fault, String problem) {
    return new RowException(file, lineNumber, null, fault, problem);
  }
}
