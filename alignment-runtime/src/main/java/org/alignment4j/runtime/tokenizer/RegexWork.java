package org.alignment4j.runtime.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression in Oniguruma's syntax and bounds the work of matching it. Only the
 * structure counts: what a class of characters holds is not looked at.
 */
final class RegexWork {

  private static final Pattern INTERVAL = Pattern.compile("\\{(\\d{0,6})(,?)(\\d{0,6})}");
  private static final Pattern OPTIONS = Pattern.compile("\\?[a-zA-Z{}-]*");
  private static final double MAX_REPEAT = 100_000;

  private final String regex;
  private int at;

  private RegexWork(String regex) {
    this.regex = regex;
  }

  /**
   * Bounds the work of a regular expression whose parentheses and brackets nest no deeper than the
   * stack allows.
   *
   * @throws IllegalArgumentException if it uses what no bound is known for
   */
  static MatchWork of(String regex) {
    RegexWork reader = new RegexWork(regex);
    MatchWork work = reader.alternatives(false);
    if (reader.at < regex.length()) {
      throw new IllegalArgumentException("it has a ')' without a '('");
    }
    return work;
  }

  private boolean ended() {
    return at == regex.length() || regex.charAt(at) == ')';
  }

  private boolean take(String text) {
    boolean found = regex.startsWith(text, at);
    at += found ? text.length() : 0;
    return found;
  }

  private static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException("it uses " + what + ", whose work has no known bound");
  }

  private MatchWork alternatives(boolean ignoreCase) {
    List<MatchWork> parts = new ArrayList<>();
    do {
      parts.add(sequence(ignoreCase));
    } while (take("|"));
    return parts.size() == 1 ? parts.get(0) : MatchWork.alternatives(parts);
  }

  private MatchWork sequence(boolean ignoreCase) {
    List<MatchWork> items = new ArrayList<>();
    while (!ended() && regex.charAt(at) != '|') {
      MatchWork item = item(ignoreCase);
      while (!ended()) {
        MatchWork quantified = quantified(item);
        if (quantified == null) {
          break;
        }
        item = quantified;
      }
      items.add(item);
    }
    MatchWork work = MatchWork.EMPTY;
    for (int i = items.size() - 1; i >= 0; i--) {
      work = items.get(i).then(work);
    }
    return work;
  }

  /** The item with the quantifier that follows, or null if none follows. */
  private @Nullable MatchWork quantified(MatchWork item) {
    MatchWork repeated;
    if (take("*")) {
      repeated = item.repeated(0);
    } else if (take("+")) {
      repeated = item.repeated(1);
    } else if (take("?")) {
      repeated = item.optional();
    } else {
      return interval(item);
    }
    if (take("?")) {
      return repeated;
    }
    return take("+") ? repeated.atomic() : repeated;
  }

  private @Nullable MatchWork interval(MatchWork item) {
    Matcher interval = INTERVAL.matcher(regex).region(at, regex.length());
    if (!interval.lookingAt() || interval.end() - at <= 3 && interval.group(1).isEmpty()) {
      return null;
    }
    at = interval.end();
    double low = number(interval.group(1), 0);
    boolean open = !interval.group(2).isEmpty();
    if (open && interval.group(3).isEmpty()) {
      MatchWork repeated = item.repeated(low);
      take("?");
      return repeated;
    }
    double high = open ? number(interval.group(3), 0) : low;
    MatchWork repeated = item.repeated(Math.min(low, high), Math.max(low, high));
    return take("?") ? repeated.optional() : repeated;
  }

  private static double number(String digits, double absent) {
    double value = digits.isEmpty() ? absent : Double.parseDouble(digits);
    if (value > MAX_REPEAT) {
      throw new IllegalArgumentException("it repeats a part more than 100000 times");
    }
    return value;
  }

  private MatchWork item(boolean ignoreCase) {
    char c = regex.charAt(at);
    switch (c) {
      case '(':
        at++;
        return group(ignoreCase);
      case '[':
        return characters(ignoreCase);
      case '\\':
        return escape();
      case '^', '$':
        at++;
        return MatchWork.ANCHOR;
      default:
        at += Character.charCount(regex.codePointAt(at));
        return MatchWork.CHARACTER;
    }
  }

  private MatchWork close(MatchWork work) {
    if (!take(")")) {
      throw new IllegalArgumentException("it has a '(' without a ')'");
    }
    return work;
  }

  private MatchWork group(boolean ignoreCase) {
    if (regex.startsWith("*", at)) {
      throw unknown("a call '(*'");
    }
    if (!regex.startsWith("?", at) || take("?:")) {
      return close(alternatives(ignoreCase));
    }
    if (take("?#")) {
      while (!ended()) {
        at += regex.charAt(at) == '\\' ? 2 : 1;
        at = Math.min(at, regex.length());
      }
      return close(MatchWork.EMPTY);
    }
    if (take("?>")) {
      return close(alternatives(ignoreCase).atomic());
    }
    boolean behind = regex.startsWith("?<=", at) || regex.startsWith("?<!", at);
    if (behind || regex.startsWith("?=", at) || regex.startsWith("?!", at)) {
      at += behind ? 3 : 2;
      boolean positive = regex.charAt(at - 1) == '=';
      MatchWork work = alternatives(ignoreCase);
      return close(behind ? work.behind(positive) : work.ahead(positive));
    }
    if (take("?<") || take("?'")) {
      skipPast(regex.charAt(at - 1) == '<' ? '>' : '\'');
      return close(alternatives(ignoreCase));
    }
    return options(ignoreCase);
  }

  private void skipPast(char end) {
    int place = regex.indexOf(end, at);
    if (place < 0) {
      throw new IllegalArgumentException("a name in it has no end");
    }
    at = place + 1;
  }

  private MatchWork options(boolean ignoreCase) {
    Matcher options = OPTIONS.matcher(regex).region(at, regex.length());
    if (!options.lookingAt() || options.end() == regex.length()) {
      throw unknown("a group '(?'");
    }
    String letters = options.group().substring(1);
    int minus = letters.indexOf('-');
    String on = minus < 0 ? letters : letters.substring(0, minus);
    if (!letters.matches("[ims]*(-[imsx]*)?")) {
      throw unknown("the options '" + letters + "'");
    }
    boolean folds = on.contains("i") || (ignoreCase && !letters.contains("i"));
    at = options.end();
    if (take(":")) {
      return close(alternatives(folds));
    }
    if (!take(")")) {
      throw unknown("a group '(?'");
    }
    // Options on their own hold for the rest of the group, alternatives and all.
    return alternatives(folds);
  }

  private MatchWork characters(boolean ignoreCase) {
    int start = at;
    int depth = 0;
    do {
      char c = regex.charAt(at++);
      if (c == '\\') {
        requireKnownEscape();
        at++;
      } else if (c == '[') {
        depth++;
        take("^");
        take("]");
      } else if (c == ']') {
        depth--;
      }
    } while (depth > 0 && at < regex.length());
    if (depth > 0) {
      throw new IllegalArgumentException("it has a '[' without a ']'");
    }
    String text = regex.substring(start, at);
    // A letter such as sharp s also matches the two letters that it folds to.
    boolean plain = text.chars().allMatch(c -> c < 128 && c != '\\' && c != '^' && c != ':');
    return ignoreCase && !plain ? MatchWork.FOLDED : MatchWork.CHARACTER;
  }

  private void requireKnownEscape() {
    if (at == regex.length()) {
      throw new IllegalArgumentException("it ends with a backslash");
    }
    char c = regex.charAt(at);
    if ("cCMgQ".indexOf(c) >= 0) {
      throw unknown("'\\" + c + "'");
    }
  }

  private MatchWork escape() {
    at++;
    requireKnownEscape();
    int c = regex.codePointAt(at);
    at += Character.charCount(c);
    if ("pPxo".indexOf(c) >= 0 && regex.startsWith("{", at)) {
      skipPast('}');
    } else if (c == 'k' && (take("<") || take("'"))) {
      skipPast(regex.charAt(at - 1) == '<' ? '>' : '\'');
      return MatchWork.ANCHOR;
    }
    boolean place = "bBAzZGKyY".indexOf(c) >= 0;
    // A reference to a group may be to an empty one.
    return place || Character.isDigit(c) ? MatchWork.ANCHOR : MatchWork.CHARACTER;
  }
}
