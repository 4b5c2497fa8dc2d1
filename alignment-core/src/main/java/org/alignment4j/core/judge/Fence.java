package org.alignment4j.core.judge;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * A delimiter that the delimited texts do not contain, derived from them all: the same texts always
 * give the same prompt, so replies can be cached, and no text can be written to contain it.
 *
 * <p>Inside, whatever a tokenizer or a reader could take for structure is broken up by a space:
 * control tokens of chat templates, role names and verdict words that begin a line, and doubled
 * square brackets, in which verdicts stand.
 */
final class Fence {
  private static final Pattern CONTROL_TOKEN =
      Pattern.compile(
          "<(?=[|\uff5c]|/?s>|<SYS>>|</SYS>>"
              + "|(?:start_of_turn|end_of_turn|bos|eos|pad|unk|endoftext|/?think)>)"
              + "|\\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\\])",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LINE_LABEL =
      Pattern.compile(
          "^([ \\t>*#]*(?:final[ \\t]+)?(?:answer|verdict|rating|score|class|system|user|assistant"
              + "|human))([ \\t*]*):",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final Pattern DOUBLED_BRACKET = Pattern.compile("\\[(?=\\[)|\\](?=\\])");

  private final String token;

  private Fence(String token) {
    this.token = token;
  }

  static Fence around(Collection<String> texts) {
    for (int attempt = 0; ; attempt++) {
      Hasher hasher = Hashing.sha256().newHasher().putInt(attempt);
      for (String text : texts) {
        hasher.putInt(text.length()).putUnencodedChars(text);
      }
      String token = hasher.hash().toString().substring(0, 24);
      if (texts.stream().noneMatch(text -> text.contains(token))) {
        return new Fence(token);
      }
    }
  }

  /** What follows BEGIN and END. */
  String token() {
    return token;
  }

  String wrap(String text) {
    return "BEGIN " + token + "\n" + neutral(text) + "\nEND " + token;
  }

  static String neutral(String text) {
    String broken = withoutControlTokens(text);
    broken = LINE_LABEL.matcher(broken).replaceAll("$1$2 :");
    return DOUBLED_BRACKET.matcher(broken).replaceAll("$0 ");
  }

  static String withoutControlTokens(String text) {
    String readable = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return CONTROL_TOKEN.matcher(readable).replaceAll("$0 ");
  }
}
