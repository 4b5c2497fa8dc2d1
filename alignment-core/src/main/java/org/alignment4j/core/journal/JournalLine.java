package org.alignment4j.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * The form of an entry: {@code {"crc":"…","key":"…","value":{…}}}. The checksum (CRC-32C, 8
 * hexadecimal digits) covers every byte after its comma; key and value stand at fixed places, so an
 * index is made without parsing JSON.
 */
final class JournalLine {
  private static final byte[] BEFORE_CRC = "{\"crc\":\"".getBytes(UTF_8);
  private static final byte[] BEFORE_KEY = "\",\"key\":\"".getBytes(UTF_8);
  private static final byte[] BEFORE_VALUE = "\",\"value\":".getBytes(UTF_8);
  private static final int CRC_AT = BEFORE_CRC.length;
  private static final int CHECKED_FROM = CRC_AT + 8 + 2;
  private static final int KEY_AT = CRC_AT + 8 + BEFORE_KEY.length;
  private static final int VALUE_AT = KEY_AT + 64 + BEFORE_VALUE.length;

  private JournalLine() {}

  static byte[] write(ContentHash key, String value) {
    String line = "{\"crc\":\"00000000\",\"key\":\"" + key.hex() + "\",\"value\":" + value + "}";
    byte[] bytes = line.getBytes(UTF_8);
    byte[] crc = checksum(bytes, bytes.length).getBytes(UTF_8);
    System.arraycopy(crc, 0, bytes, CRC_AT, crc.length);
    return bytes;
  }

  /** Checks a line of {@code length} bytes and returns its key. */
  static ContentHash key(String file, long number, byte[] line, int length) {
    if (length <= VALUE_AT
        || !at(line, 0, BEFORE_CRC)
        || !at(line, CRC_AT + 8, BEFORE_KEY)
        || !at(line, KEY_AT + 64, BEFORE_VALUE)
        || line[length - 1] != '}') {
      throw damaged(file, number, "has not the form of an entry");
    }
    String stored = new String(line, CRC_AT, 8, UTF_8);
    String computed = checksum(line, length);
    if (!stored.equals(computed)) {
      throw damaged(file, number, "has checksum " + computed + " where " + stored + " was written");
    }
    try {
      return new ContentHash(new String(line, KEY_AT, 64, UTF_8));
    } catch (IllegalArgumentException e) {
      throw damaged(file, number, "has a broken key");
    }
  }

  /** The value of a line that {@link #key} has checked. */
  static Map<String, @Nullable Object> value(String file, long number, byte[] line) {
    String text = new String(line, VALUE_AT, line.length - VALUE_AT - 1, UTF_8);
    Object value;
    try {
      value = PlainJson.read(text, Journal.MAX_LINE_BYTES);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, number, "/value", String.valueOf(e.getMessage()), e);
    }
    if (!(value instanceof Map<?, ?>)) {
      throw new DataFormatException(file, number, "/value", "a value must be an object");
    }
    @SuppressWarnings("unchecked") // JSON names are strings
    Map<String, @Nullable Object> map = (Map<String, @Nullable Object>) value;
    return map;
  }

  private static DataFormatException damaged(String file, long number, String what) {
    return new DataFormatException(
        file,
        number,
        null,
        "a journal entry must be as it was written but this one "
            + what
            + "; the file was changed or damaged: restore it, or remove that line to have its work"
            + " done again");
  }

  private static boolean at(byte[] line, int from, byte[] expected) {
    return Arrays.equals(line, from, from + expected.length, expected, 0, expected.length);
  }

  private static String checksum(byte[] line, int length) {
    CRC32C crc = new CRC32C();
    crc.update(line, CHECKED_FROM, length - CHECKED_FROM);
    return Long.toHexString(crc.getValue() | 1L << 32).substring(1);
  }
}
