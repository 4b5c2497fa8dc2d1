package org.alignment4j.runtime.peft;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.alignment4j.api.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a configuration, as Python's {@code re} reads it. It comes with a file
 * that somebody else made, so its length, its nesting and the work of each match are bounded.
 */
final class PythonPattern {

  private static final int MAX_LENGTH = 20_000;
  private static final int MAX_NESTING = 50;
  private static final int MAX_READS = 2_000_000;

  private static final int MAX_SHOWN = 200;
  private static final int NONE = -1;
  private static final int HIDDEN = -2;

  private final String source;
  private final Pattern pattern;
  private final Function<String, CheckpointException> error;

  private PythonPattern(
      String source, Pattern pattern, Function<String, CheckpointException> error) {
    this.source = source;
    this.pattern = pattern;
    this.error = error;
  }

  /**
   * Compiles an expression.
   *
   * @param before added before it
   * @param source the expression
   * @param after added after it
   * @param error makes a failure that names file and field
   */
  static PythonPattern of(
      String before, String source, String after, Function<String, CheckpointException> error) {
    if (source.length() > MAX_LENGTH || nesting(source) > MAX_NESTING) {
      throw error.apply(
          "a regular expression must have at most "
              + MAX_LENGTH
              + " characters and "
              + MAX_NESTING
              + " nested groups but one has more");
    }
    String java = source.replace("(?P<", "(?<").replace("\\Z", "\\z");
    try {
      return new PythonPattern(source, Pattern.compile(before + java + after), error);
    } catch (PatternSyntaxException e) {
      throw error.apply(
          "'" + shown(source) + "' must be a regular expression but " + e.getDescription());
    }
  }

  private static String shown(String source) {
    return source.length() <= MAX_SHOWN ? source : source.substring(0, MAX_SHOWN) + "…";
  }

  private static int nesting(String source) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  /** Python's {@code re.fullmatch}. */
  boolean matchesAll(String text) {
    return bounded(text, Matcher::matches);
  }

  /** Python's {@code re.match}, which need not reach the end. */
  boolean matchesStart(String text) {
    return bounded(text, Matcher::lookingAt);
  }

  /**
   * The number in the only group of a match at the start, or -1 where there is none.
   *
   * @throws CheckpointException if the expression captures other groups, or matches without it
   */
  int numberAtStart(String text) {
    if (pattern.matcher("").groupCount() != 1) {
      throw notBeforeNumber("has groups of its own");
    }
    int number = bounded(text, m -> m.lookingAt() ? number(m.group(1)) : NONE);
    if (number == HIDDEN) {
      throw notBeforeNumber("has alternatives that stand without it");
    }
    return number;
  }

  private CheckpointException notBeforeNumber(String problem) {
    return error.apply(
        "'"
            + shown(source)
            + "' must be an expression before a layer's number but "
            + problem
            + "; write (?:a|b) for alternatives");
  }

  private static int number(@Nullable String digits) {
    if (digits == null) {
      return HIDDEN;
    }
    return digits.length() > 9 ? NONE : Integer.parseInt(digits);
  }

  private <T> T bounded(String text, Function<Matcher, T> match) {
    try {
      return match.apply(pattern.matcher(new Metered(text, new int[1])));
    } catch (TooMuchWork | StackOverflowError e) {
      throw error.apply(
          "'"
              + shown(source)
              + "' must be a regular expression that is decided quickly but is not for '"
              + text
              + "'; write it without nested repetitions");
    }
  }

  private static final class TooMuchWork extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Text that can be read only so often: a match that backtracks without end reads on. */
  private record Metered(String text, int[] reads) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++reads[0] > MAX_READS) {
        throw new TooMuchWork();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
