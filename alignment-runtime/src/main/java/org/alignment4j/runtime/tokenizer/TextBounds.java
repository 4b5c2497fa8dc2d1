package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.alignment4j.api.CheckpointException;

/**
 * How long a text a tokenizer may be given. The native library ends the process where a regular
 * expression steps back ten million times from one place, and where memory runs out; so expressions
 * that do so on short texts are refused with the definition, as are normalizers that multiply the
 * text, and for all others the length of the text is bounded.
 *
 * @param encoded UTF-16 units of one text to encode
 * @param decoded UTF-16 units of the spellings of the tokens to decode together
 */
record TextBounds(long encoded, long decoded) {

  /** Below the ten million that end the process, since the bound counts in the large. */
  private static final double MAX_STEPS = 8e6;

  /** Half of what the expressions of published models were seen to take. */
  private static final long MAX_CHARACTERS = 4L << 20;

  /** A tokenizer that takes less is of no use. */
  private static final long LEAST_CHARACTERS = 1000;

  /** Characters that the parts of a definition may make of one, all together. */
  private static final double MAX_GROWTH = 64;

  private static final int MAX_ADDED = 1024;

  /** The expression of GPT-2, by which the library cuts texts before it goes over to bytes. */
  private static final String BYTE_LEVEL =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /**
   * Heap that the native library and this one take for a token, of which a character may be one.
   */
  private static final long BYTES_PER_CHARACTER = 128;

  static TextBounds of(Path file, JsonNode definition) {
    Walk encoding = new Walk(file);
    encoding.visit(definition.path("normalizer"));
    encoding.pieces = true;
    encoding.visit(definition.path("pre_tokenizer"));
    Walk decoding = new Walk(file);
    decoding.visit(definition.path("decoder"));
    return new TextBounds(encoding.longest, decoding.longest);
  }

  /**
   * These bounds, and no texts whose tokens fill the heap: the native library ends the process
   * where it cannot make an array.
   *
   * @param heap bytes the heap may have
   */
  TextBounds within(long heap) {
    return new TextBounds(Math.min(encoded, heap / BYTES_PER_CHARACTER), decoded);
  }

  /** What the steps make of a text, in their order. */
  private static final class Walk {

    private final Path file;

    /** Whether the steps cut texts into pieces. */
    private boolean pieces;

    private double growth = 1;
    private double unicode = 1;
    private double added;
    private long longest = Long.MAX_VALUE;

    Walk(Path file) {
      this.file = file;
    }

    void visit(JsonNode step) {
      boolean sequence = false;
      for (String name : new String[] {"normalizers", "pretokenizers", "decoders"}) {
        sequence |= step.has(name);
        step.path(name).forEach(this::visit);
      }
      if (!step.isObject() || sequence) {
        return;
      }
      // The library finds out by the fields what a step without a type is.
      String type = step.path("type").asText();
      if (step.has("pattern")) {
        pattern(step.path("pattern"), step.path("content"));
      } else if (step.has("prepend") || step.has("append")) {
        added(step.path("prepend").asText() + step.path("append").asText());
      } else if (step.has("precompiled_charsmap")) {
        double table = PrecompiledCharsmap.longestText(step.path("precompiled_charsmap").asText());
        unicode = Math.max(unicode, table);
        requireGrowth(table);
      } else {
        switch (type) {
          case "NFC" -> unicode = Math.max(unicode, 3);
          case "NFD" -> unicode = Math.max(unicode, 4);
          case "NFKC", "NFKD" -> unicode = Math.max(unicode, 18);
          case "Lowercase" -> unicode = Math.max(unicode, 2);
          case "BertNormalizer" -> unicode = Math.max(unicode, 24);
          // Every byte becomes a character, once more each time.
          case "ByteLevel", "" -> {
            if (pieces && step.path("use_regex").asBoolean(true)) {
              regex(BYTE_LEVEL);
            }
            grow(4);
          }
          default -> {}
        }
      }
    }

    private void grow(double factor) {
      growth *= factor;
      added *= factor;
      requireGrowth(growth);
    }

    private void requireGrowth(double characters) {
      if (characters > MAX_GROWTH) {
        throw new CheckpointException(
            "%s may make %s characters of one; its steps may make at most %s, all together, since more"
                    .formatted(file, Math.round(characters), Math.round(MAX_GROWTH))
                + " exhausts memory: use the tokenizer.json of a published model, or shorten the"
                + " replacements");
      }
    }

    private void added(String text) {
      added += text.length();
      if (text.length() > MAX_ADDED) {
        throw new CheckpointException(
            "%s puts %s characters before or after a text; at most %s are allowed: shorten them"
                .formatted(file, text.length(), MAX_ADDED));
      }
    }

    private void pattern(JsonNode pattern, JsonNode content) {
      double shortest = pattern.path("String").asText().length();
      if (pattern.has("Regex")) {
        shortest = regex(pattern.path("Regex").asText());
      }
      if (content.isTextual()) {
        double written = content.asText().length();
        double factor = shortest == 0 ? 1 + written : Math.max(1, written / shortest);
        grow(factor);
        added += shortest == 0 ? written : 0;
      }
    }

    private double regex(String regex) {
      MatchWork work;
      try {
        work = RegexWork.of(regex);
      } catch (IllegalArgumentException e) {
        throw refused(regex, String.valueOf(e.getMessage()));
      }
      double reached = work.whole().longest(MAX_STEPS, MAX_CHARACTERS * 64);
      double given = (reached - added) / (growth * unicode);
      if (given < LEAST_CHARACTERS) {
        throw refused(
            regex, "a part that repeats can match one text in many ways, as in (a+)+ or a*a*a*");
      }
      longest = Math.min(longest, Math.min(MAX_CHARACTERS, (long) given));
      return work.shortest();
    }

    private CheckpointException refused(String regex, String why) {
      String shown = regex.length() > 200 ? regex.substring(0, 200) + "…" : regex;
      return new CheckpointException(
          "%s has the regular expression '%s', which may take more steps than the native library allows (%s):"
                  .formatted(file, shown, why)
              + " write it without that, or use the tokenizer.json of a published model");
    }
  }

  void checkEncoded(Path file, String text) {
    check(file, "a text to encode", text.length(), encoded, "split the text");
  }

  void checkDecoded(Path file, long length) {
    check(file, "the tokens to decode together", length, decoded, "decode fewer at a time");
  }

  private static void check(Path file, String what, long length, long most, String remedy) {
    if (length > most) {
      throw new IllegalArgumentException(
          "%s must have at most %s characters for %s, so that neither steps nor heap run out, but had %s; %s"
              .formatted(what, most, file, length, remedy));
    }
  }
}
