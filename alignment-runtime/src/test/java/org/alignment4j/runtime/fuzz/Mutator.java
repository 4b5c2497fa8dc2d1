package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages a valid file in up to four places; a seed gives the same damage. */
final class Mutator {

  private static final int MAX_CHANGES = 4;
  private static final int MAX_RANGE = 64;
  private static final int MAX_BYTES = 1 << 20;

  private static final String[] NUMBERS = {
    "0",
    "-0",
    "-1",
    "1",
    "3",
    "127",
    "65536",
    "99999",
    "9999999",
    "10000000",
    "16777216",
    "99999999",
    "2147483647",
    "-2147483648",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1e9",
    "1e308",
    "1e400",
    "-1e400",
    "1e-400",
    "0.5",
    "1e999999999",
    "NaN",
    "Infinity",
    "00",
    "1.",
    "9".repeat(40),
    "9".repeat(1100)
  };

  private static final String[] JSON_VALUES = {
    "null",
    "true",
    "false",
    "\"\"",
    "[]",
    "{}",
    "-1",
    "0.5",
    "\"x\"",
    "[null]",
    "[[1]]",
    "{\"a\":1}",
    "[1,2]",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "9007199254740993"
  };

  private static final long[] LENGTHS = {
    0, 1, 2, 7, 8, -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1L << 32, 100_000_000
  };

  private static final byte[][] BROKEN_UTF8 = {
    bytes(0x80),
    bytes(0xc0, 0x80),
    bytes(0xed, 0xa0, 0x80),
    bytes(0xf4, 0x90, 0x80, 0x80),
    bytes(0xf8, 0x88),
    bytes(0xff),
    bytes(0xfe, 0xff),
    bytes(0xe2, 0x82),
    bytes(0xef, 0xbb, 0xbf),
    bytes(0xef, 0xbf, 0xbf),
    bytes(0)
  };

  private static final byte[] PUNCTUATION =
      "{}[]\":,\\/ \n\r\t0-+.eEnull%#|()='<>".getBytes(ISO_8859_1);

  private final List<byte[]> valid;
  private final List<String> words;
  private SplittableRandom random = new SplittableRandom(0);

  /**
   * A mutator.
   *
   * @param valid files to start from
   * @param words pieces of the file's language to insert; may be empty
   */
  Mutator(List<byte[]> valid, List<String> words) {
    this.valid = List.copyOf(valid);
    this.words = List.copyOf(words);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  byte[] input(long seed) {
    random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + 1);
    byte[] bytes = valid.get(random.nextInt(valid.size()));
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(MAX_CHANGES);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes);
    }
    return bytes.length > MAX_BYTES ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
  }

  private byte[] change(byte[] bytes) {
    if (bytes.length == 0) {
      return pick(valid);
    }
    return switch (random.nextInt(15)) {
      case 0, 1 -> flipped(bytes);
      case 2 -> overwritten(bytes);
      case 3 -> cut(bytes);
      case 4 -> withoutRange(bytes);
      case 5 -> withRangeAgain(bytes);
      case 6, 7, 8 -> withOtherNumber(bytes);
      case 9 -> withOtherLength(bytes);
      case 10 -> inserted(bytes, at(bytes), BROKEN_UTF8[random.nextInt(BROKEN_UTF8.length)]);
      case 11 -> nested(bytes);
      case 12, 13 -> withOtherValue(bytes);
      default -> words.isEmpty() ? spliced(bytes) : withWord(bytes);
    };
  }

  private int at(byte[] bytes) {
    return random.nextInt(bytes.length + 1);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] overwritten(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(bytes.length)] = PUNCTUATION[random.nextInt(PUNCTUATION.length)];
    }
    return changed;
  }

  private byte[] cut(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    return random.nextInt(4) == 0
        ? Arrays.copyOfRange(bytes, at, bytes.length)
        : Arrays.copyOf(bytes, at);
  }

  private byte[] withoutRange(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    return replaced(bytes, from, to(bytes, from), new byte[0]);
  }

  private byte[] withRangeAgain(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    byte[] range = Arrays.copyOfRange(bytes, from, to(bytes, from));
    if (random.nextInt(8) == 0) {
      ByteArrayOutputStream many = new ByteArrayOutputStream();
      for (int i = 0; i < 200; i++) {
        many.writeBytes(range);
      }
      range = many.toByteArray();
    }
    return inserted(bytes, at(bytes), range);
  }

  private int to(byte[] bytes, int from) {
    int range = random.nextInt(4) == 0 ? bytes.length : MAX_RANGE;
    return Math.min(bytes.length, from + 1 + random.nextInt(range));
  }

  private byte[] withOtherNumber(byte[] bytes) {
    byte[] number = NUMBERS[random.nextInt(NUMBERS.length)].getBytes(ISO_8859_1);
    int start = next(bytes, c -> c >= '0' && c <= '9');
    if (start < 0) {
      return inserted(bytes, at(bytes), number);
    }
    int end = start;
    while (end < bytes.length && "0123456789.eE+-".indexOf(bytes[end]) >= 0) {
      end++;
    }
    return replaced(bytes, start, end, number);
  }

  /** The JSON value, array or object that begins somewhere, or the text after it, becomes other. */
  private byte[] withOtherValue(byte[] bytes) {
    byte[] value = JSON_VALUES[random.nextInt(JSON_VALUES.length)].getBytes(ISO_8859_1);
    int colon = next(bytes, c -> c == ':' || c == ',' || c == '[');
    if (colon < 0) {
      return inserted(bytes, at(bytes), value);
    }
    int start = colon + 1;
    while (start < bytes.length && bytes[start] == ' ') {
      start++;
    }
    return replaced(bytes, start, endOfValue(bytes, start), value);
  }

  private static int endOfValue(byte[] bytes, int start) {
    int depth = 0;
    boolean text = false;
    for (int i = start; i < bytes.length; i++) {
      byte b = bytes[i];
      if (text) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          text = false;
        }
      } else if (b == '"') {
        text = true;
      } else if (b == '[' || b == '{') {
        depth++;
      } else if (b == ']' || b == '}' || b == ',' || b == '\n') {
        if (depth == 0) {
          return i;
        }
        depth -= b == ']' || b == '}' ? 1 : 0;
      }
    }
    return bytes.length;
  }

  private byte[] withOtherLength(byte[] bytes) {
    if (bytes.length < Long.BYTES) {
      return flipped(bytes);
    }
    byte[] changed = bytes.clone();
    ByteBuffer view = ByteBuffer.wrap(changed);
    view.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int place = random.nextBoolean() ? 0 : random.nextInt(bytes.length - Long.BYTES + 1);
    long near = view.getLong(place) + random.nextInt(33) - 16;
    view.putLong(place, random.nextBoolean() ? near : LENGTHS[random.nextInt(LENGTHS.length)]);
    return changed;
  }

  private byte[] nested(byte[] bytes) {
    int depth = new int[] {10, 70, 130, 300, 1100, 5000, 60_000}[random.nextInt(7)];
    String[] open = {"[", "{\"a\":", "(", "[[{\"a\":[", "{% if 1 %}", "{{ -", "(?:"};
    String piece = open[random.nextInt(open.length)];
    return inserted(bytes, at(bytes), piece.repeat(depth).getBytes(ISO_8859_1));
  }

  private byte[] spliced(byte[] bytes) {
    byte[] other = pick(valid);
    byte[] tail = Arrays.copyOfRange(other, at(other), other.length);
    return replaced(bytes, at(bytes), bytes.length, tail);
  }

  private byte[] withWord(byte[] bytes) {
    byte[] word = pick(words).getBytes(UTF_8);
    int start = at(bytes);
    int end = random.nextBoolean() ? start : Math.min(bytes.length, start + word.length);
    return replaced(bytes, start, end, word);
  }

  /** The first such byte at or after a random place, or else before it; -1 where there is none. */
  private int next(byte[] bytes, java.util.function.IntPredicate wanted) {
    int from = random.nextInt(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int place = (from + i) % bytes.length;
      if (wanted.test(bytes[place])) {
        return place;
      }
    }
    return -1;
  }

  private static byte[] inserted(byte[] bytes, int at, byte[] more) {
    return replaced(bytes, at, at, more);
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] changed = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(by, 0, changed, from, by.length);
    System.arraycopy(bytes, to, changed, from + by.length, bytes.length - to);
    return changed;
  }
}
