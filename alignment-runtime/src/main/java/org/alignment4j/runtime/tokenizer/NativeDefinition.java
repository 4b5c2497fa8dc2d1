package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.CheckpointException;

/**
 * The text of a tokenizer definition as the native library gets it. What that library answers by
 * ending the process, instead of by an error, is refused here first: texts that are not Unicode,
 * numbers beyond those of double, templates of tokens they do not describe, regular expressions
 * nested beyond any stack, pieces of no length, and damaged tables of characters. How long texts
 * may be, {@link TextBounds} says.
 */
final class NativeDefinition {

  private static final String CHARSMAP = "precompiled_charsmap";

  /** Regular expressions are parsed by recursion on the caller's stack. */
  private static final int MAX_REGEX_NESTING = 100;

  private final Path file;

  private NativeDefinition(Path file) {
    this.file = file;
  }

  /**
   * Checks a definition and writes it out.
   *
   * @throws CheckpointException if it holds something that the native library cannot refuse
   */
  static String of(Path file, JsonNode definition) {
    NativeDefinition checked = new NativeDefinition(file);
    checked.check(definition);
    checked.checkPieces(definition.path("pre_tokenizer"));
    return JsonFiles.write(definition);
  }

  private void check(JsonNode node) {
    if (node.isTextual()) {
      checkText(node.textValue());
    } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw damaged("a number is beyond those of double");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      checkText(field.getKey());
    }
    if (node.has(CHARSMAP) || node.path("type").asText().equals("Precompiled")) {
      String problem = PrecompiledCharsmap.problem(node.path(CHARSMAP).asText());
      if (problem != null) {
        throw damaged(CHARSMAP + " " + problem);
      }
    }
    if (node.path("type").asText().equals("TemplateProcessing")) {
      checkTemplate(node.path("single"), node.path("special_tokens"), false);
      checkTemplate(node.path("pair"), node.path("special_tokens"), true);
    }
    checkMerges(node.path("merges"), node.path("continuing_subword_prefix").asText(""));
    if (node.path("type").asText().equals("Strip") && node.path("stop").asLong() != 0) {
      // The library ends the process at a token that is shorter.
      throw damaged("a decoder strips the ends of tokens, which is not supported");
    }
    if (node.has("Regex")) {
      checkRegex(node.path("Regex").asText());
    }
    node.forEach(this::check);
  }

  /** The library cuts the prefix from the second part of a merge without looking. */
  private void checkMerges(JsonNode merges, String prefix) {
    if (prefix.isEmpty()) {
      return;
    }
    for (JsonNode merge : merges) {
      String text = merge.asText();
      String second =
          merge.isArray() ? merge.path(1).asText() : text.substring(text.indexOf(' ') + 1);
      if (!second.startsWith(prefix)) {
        throw damaged("the second part of a merge has not the continuing_subword_prefix");
      }
    }
  }

  /** The library cuts a text into pieces of this many characters without looking. */
  private void checkPieces(JsonNode step) {
    if (step.path("length").isNumber() && step.path("length").asDouble() == 0) {
      throw damaged("a text is cut into pieces of 0 characters");
    }
    step.path("pretokenizers").forEach(this::checkPieces);
  }

  private void checkRegex(String regex) {
    int depth = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      }
      if (depth > MAX_REGEX_NESTING) {
        throw damaged("a regular expression nests deeper than " + MAX_REGEX_NESTING);
      }
    }
  }

  /** The pieces of a template must be there to be put in. */
  private void checkTemplate(JsonNode pieces, JsonNode tokens, boolean pair) {
    for (JsonNode piece : pieces) {
      String special = piece.path("SpecialToken").path("id").asText();
      JsonNode token = tokens.path(special);
      boolean described =
          tokens.has(special) && token.path("ids").size() == token.path("tokens").size();
      if (piece.has("SpecialToken") && !described) {
        throw damaged("the template's special token '" + special + "' is not described");
      }
      if (piece.path("Sequence").path("id").asText().equals("B") && !pair) {
        throw damaged("the template of one text has a second");
      }
    }
  }

  private void checkText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          throw damaged("a text has half of a surrogate pair");
        }
        i++;
      }
    }
  }

  private CheckpointException damaged(String problem) {
    return new CheckpointException(
        "%s is not a tokenizer this library can load (%s); it is damaged: copy the file again"
            .formatted(file, problem));
  }
}
