package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object or string a line. Lines are cut at line feeds before decoding, so faults stay in
 * theirs.
 */
final class JsonLinesSource implements RowSource {

  private static final int CHUNK_BYTES = 8192;

  private final String file;
  private final InputStream bytes;
  private final ReadOptions options;
  private final boolean wholeFile;
  private final JsonFactory json;
  // A decoder that reports malformed bytes instead of replacing them.
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private byte[] line = new byte[CHUNK_BYTES];
  private int length;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int start;
  private int end;
  private long lineNumber;
  private long rows;

  /**
   * Creates a source.
   *
   * @param wholeFile whether the name promised one JSON value, so that an object cut at the first
   *     line's end means a file of another form and not one broken row
   */
  JsonLinesSource(String file, InputStream bytes, boolean wholeFile, ReadOptions options) {
    this.file = file;
    this.wholeFile = wholeFile;
    this.bytes = bytes;
    this.options = options;
    this.json = JsonValues.factory(options.limits());
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (readLine()) {
      String text = decode();
      if (!text.isBlank()) {
        rows++;
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
    boolean started = false;
    boolean ended = false;
    while (!ended && (start < end || fill())) {
      started = true;
      int stop = start;
      while (stop < end && chunk[stop] != '\n') {
        stop++;
      }
      tooLong |= stop - start > limit - length;
      if (!tooLong) {
        append(stop - start, limit);
      }
      ended = stop < end;
      start = ended ? stop + 1 : stop;
    }
    if (!started) {
      return false;
    }
    lineNumber++;
    if (tooLong) {
      line = new byte[CHUNK_BYTES];
      length = 0;
      throw fault(
          Fault.TOO_LARGE,
          "a line must have at most "
              + limit
              + " bytes but has more; raise maxLineBytes if wanted");
    }
    return true;
  }

  private boolean fill() throws IOException {
    start = 0;
    end = Math.max(0, bytes.read(chunk, 0, chunk.length));
    return end > 0;
  }

  private void append(int count, int limit) {
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, (int) Math.min(limit, 2L * length)));
    }
    System.arraycopy(chunk, start, line, length, count);
    length += count;
  }

  private String decode() {
    try {
      return decoder.decode(ByteBuffer.wrap(line, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw fault(Fault.ENCODING, malformed());
    }
  }

  /** Names the first byte at fault, which tells one legacy encoding from another. */
  private String malformed() {
    ByteBuffer in = ByteBuffer.wrap(line, 0, length);
    decoder.reset().decode(in, CharBuffer.allocate(length), true);
    return String.format(
        Locale.ROOT,
        "a line must be UTF-8 but has byte 0x%02x at position %d, which is none; convert the file"
            + " to UTF-8 first",
        in.get(in.position()) & 0xff,
        in.position() + 1);
  }

  private Row parse(String text) throws IOException {
    try (JsonParser parser = json.createParser(text)) {
      parser.nextToken();
      Map<String, @Nullable Object> values = JsonValues.row(JsonValues.read(parser));
      if (values == null) {
        throw fault(
            Fault.SYNTAX,
            "a line must be a JSON object or string but starts " + RowException.shown(text));
      }
      Row row = new Row(file, lineNumber, values, options);
      if (parser.nextToken() != null) {
        throw fault(Fault.SYNTAX, "a line must hold one JSON object but goes on after it");
      }
      return row;
    } catch (StreamConstraintsException e) {
      throw fault(Fault.TOO_LARGE, "JSON is beyond its bounds: " + e.getOriginalMessage());
    } catch (JsonEOFException e) {
      if (wholeFile && rows == 1) {
        throw new DataFormatException(
            file,
            lineNumber,
            null,
            "a .json file must hold one list of objects, or one object a line, but starts with an"
                + " object that goes on over more lines",
            e);
      }
      throw JsonFaults.syntax(file, lineNumber, e);
    } catch (JsonProcessingException e) {
      throw JsonFaults.syntax(file, lineNumber, e);
    }
  }

  private RowException fault(Fault fault, String problem) {
    return new RowException(file, lineNumber, null, fault, problem);
  }
}
