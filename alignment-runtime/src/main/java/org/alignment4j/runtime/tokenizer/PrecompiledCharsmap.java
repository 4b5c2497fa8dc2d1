package org.alignment4j.runtime.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's table of normalised characters: the size of a double-array trie in bytes, its
 * units, and the texts that its values point into, each ended by a zero.
 */
final class PrecompiledCharsmap {

  private final int[] units;
  private final byte[] texts;

  private PrecompiledCharsmap(int[] units, byte[] texts) {
    this.units = units;
    this.texts = texts;
  }

  /** What is wrong with a table in base 64, or null. */
  static @Nullable String problem(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return "is not base 64";
    }
    if (bytes.length < Integer.BYTES) {
      return "is cut short";
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(in.getInt());
    if (size > in.remaining() || size < Integer.BYTES || size % Integer.BYTES != 0) {
      return "is cut short";
    }
    int[] units = new int[(int) size / Integer.BYTES];
    in.asIntBuffer().get(units);
    byte[] texts = new byte[in.remaining() - (int) size];
    in.position(in.position() + (int) size).get(texts);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      return "is not UTF-8";
    }
    return new PrecompiledCharsmap(units, texts).isClosed() ? null : "points out of itself";
  }

  /** Bytes of the longest text that a sound table makes of a character. */
  static int longestText(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    int longest = 0;
    int length = 0;
    int start = Integer.BYTES + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    for (int i = start; i < bytes.length; i++) {
      length = bytes[i] == 0 ? 0 : length + 1;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** Whether every unit and text that a look-up can reach is there. */
  private boolean isClosed() {
    BitSet seen = new BitSet(units.length);
    ArrayDeque<Integer> open = new ArrayDeque<>();
    if (!visit(offset(units[0]), seen, open)) {
      return false;
    }
    while (!open.isEmpty()) {
      int place = open.pop();
      for (int label = 1; label < 256; label++) {
        int next = place ^ label;
        if (next >= units.length) {
          return false;
        }
        int unit = units[next];
        if ((unit & 0x800000ff) != label) {
          continue;
        }
        int child = next ^ offset(unit);
        if (!visit(child, seen, open)
            || ((unit >>> 8 & 1) == 1 && !isText(units[child] & 0x7fffffff))) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean visit(int place, BitSet seen, ArrayDeque<Integer> open) {
    if (place >= units.length) {
      return false;
    }
    if (!seen.get(place)) {
      seen.set(place);
      open.push(place);
    }
    return true;
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  /** Whether a text begins there: within the bytes and not within a character. */
  private boolean isText(int place) {
    return place < texts.length && (texts[place] & 0xc0) != 0x80;
  }
}
