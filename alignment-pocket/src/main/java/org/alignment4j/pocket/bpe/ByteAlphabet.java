package org.alignment4j.pocket.bpe;

import java.nio.charset.StandardCharsets;

/**
 * The printable stand-ins of the 256 byte values in byte-level vocabularies (Radford et al.,
 * "Language Models are Unsupervised Multitask Learners", 2019): printable bytes stand for
 * themselves, all others for the characters from U+0100 on, in ascending order.
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = characters();

  private ByteAlphabet() {}

  static char character(int unsignedByte) {
    return CHARACTERS[unsignedByte];
  }

  /** The UTF-8 bytes of {@code text}, each as its stand-in. */
  static String encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder encoded = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      encoded.append(CHARACTERS[b & 0xFF]);
    }
    return encoded.toString();
  }

  private static char[] characters() {
    char[] characters = new char[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      characters[b] = (char) (printable ? b : next++);
    }
    return characters;
  }
}
