package org.alignment4j.eval.redteam.jailbreak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/** How a template writes the request. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum RequestEncoding {
  /** As it is. */
  PLAIN,
  /** Base64 of its UTF-8 bytes. */
  BASE64,
  /** Latin letters moved by 13 places. */
  ROT13,
  /** From the end to the beginning. */
  REVERSED,
  /** Some letters as digits that look alike. */
  LEET,
  /** A space between letters, three between words. */
  SPACED,
  /** In two halves with names, to be put together: {@code a = "…"; b = "…"}. */
  SPLIT;

  private static final String PLAIN_LETTERS = "aeiost";
  private static final String LEET_DIGITS = "431057";

  /** Returns the name in files, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the encoding of a name.
   *
   * @throws IllegalArgumentException when there is none; lists those there are
   */
  public static RequestEncoding of(String label) {
    for (RequestEncoding encoding : values()) {
      if (encoding.label().equals(label)) {
        return encoding;
      }
    }
    throw new IllegalArgumentException(
        "an encoding must be one of plain, base64, rot13, reversed, leet, spaced and split but was '"
            + label
            + "'");
  }

  /** Returns a text so encoded. */
  public String encode(String text) {
    return switch (this) {
      case PLAIN -> text;
      case BASE64 -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
      case ROT13 -> mapped(text, RequestEncoding::rotated);
      case REVERSED -> new StringBuilder(text).reverse().toString();
      case LEET -> mapped(text, RequestEncoding::leet);
      case SPACED ->
          text.codePoints().mapToObj(Character::toString).collect(Collectors.joining(" "));
      case SPLIT -> split(text);
    };
  }

  private static String split(String text) {
    int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
    return "a = \"" + text.substring(0, middle) + "\"; b = \"" + text.substring(middle) + "\"";
  }

  /** What becomes of a character. */
  @FunctionalInterface
  private interface Mapping {
    char of(char c);
  }

  private static String mapped(String text, Mapping mapping) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.append(mapping.of(text.charAt(i)));
    }
    return out.toString();
  }

  private static char rotated(char c) {
    if (c >= 'a' && c <= 'z') {
      return (char) ('a' + (c - 'a' + 13) % 26);
    }
    return c >= 'A' && c <= 'Z' ? (char) ('A' + (c - 'A' + 13) % 26) : c;
  }

  private static char leet(char c) {
    int at = PLAIN_LETTERS.indexOf(Character.toLowerCase(c));
    return at < 0 ? c : LEET_DIGITS.charAt(at);
  }
}
