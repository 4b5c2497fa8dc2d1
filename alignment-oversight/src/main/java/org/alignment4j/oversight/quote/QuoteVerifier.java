package org.alignment4j.oversight.quote;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Checks quotes against sources (Khan et al. 2024, section 3). Quote and source are compared
 * without case, ASCII punctuation and the difference between curly and straight quotation marks,
 * with any white space as one space. Stricter than the paper, punctuation between two digits
 * counts, and so does a minus or a decimal point before a number: without them 3.5 would be 35, 1/2
 * be 12 and -5 be 5; so a number must be quoted as it is written. A quote is verified when it
 * stands in one source at word boundaries and has at least {@value #MIN_WORDS} words. A quote with
 * an ellipsis is verified when each part is, in order and in one source, or when the source has it
 * as it stands.
 *
 * <p>Quotes stand between {@code <quote>} and {@code </quote>}, over several lines too, however the
 * tags are written ({@code <QUOTE>}, {@code <quote >}); one that is never closed reaches to the
 * end. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QuoteVerifier {
  /** The fewest words of a quote, and of each part of one with an ellipsis. */
  public static final int MIN_WORDS = 3;

  private static final Pattern QUOTE =
      Pattern.compile("<quote>(.*?)(</quote>|\\z)", Pattern.DOTALL);

  /** Characters that nobody sees may stand anywhere in a tag that looks like a mark. */
  private static final String UNSEEN = "\\p{Cf}*+";

  private static final String BLANK = "[\\s\\p{Z}\\p{Cf}]*+";
  private static final String CLAIM = "[vu]" + UNSEEN + "_" + UNSEEN;
  private static final String NAME = String.join(UNSEEN, "q", "u", "o", "t", "e");
  private static final Pattern CLAIMED =
      Pattern.compile(
          "<" + BLANK + "(/?+)" + BLANK + "(?:" + CLAIM + ")?+" + NAME + "\\b[^<>]*+>",
          Pattern.CASE_INSENSITIVE);

  /** What is left of marks in no readable tag. */
  private static final Pattern REMNANT =
      Pattern.compile("(?<![\\p{L}\\p{N}_])" + CLAIM + NAME, Pattern.CASE_INSENSITIVE);

  private static final Pattern ELLIPSIS =
      Pattern.compile("\\.{3,}|\u2026|\\[\\.{3,}\\]|\\[\u2026\\]");
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}++");

  /** The end of a run of punctuation that belongs to the number after it. */
  private static final Pattern SIGN = Pattern.compile("(?<![.-])(?:-\\.|[.-])\\z");

  private static final Pattern SPACE = Pattern.compile("[\\s\u00a0\u2028\u2029]+");

  private final List<String> sources;
  private final List<String> verbatim;
  private final Set<String> trigrams = new HashSet<>();

  private QuoteVerifier(List<String> sources, List<String> verbatim) {
    this.sources = sources;
    this.verbatim = verbatim;
    for (String source : sources) {
      trigrams.addAll(trigrams(source));
    }
  }

  /** Returns a verifier against the sources; without any, no quote is verified. */
  public static QuoteVerifier of(List<String> sources) {
    return new QuoteVerifier(
        sources.stream().map(source -> " " + normalise(source) + " ").toList(),
        sources.stream().map(source -> " " + withEllipses(source) + " ").toList());
  }

  /** Returns a text in the form in which quotes and sources are compared. */
  static String normalise(String text) {
    String straight =
        text.replace('\u2018', '\'')
            .replace('\u2019', '\'')
            .replace('\u201c', '"')
            .replace('\u201d', '"');
    String bare =
        PUNCTUATION
            .matcher(straight)
            .replaceAll(run -> Matcher.quoteReplacement(kept(straight, run)))
            .toLowerCase(Locale.ROOT);
    return SPACE.matcher(bare).replaceAll(" ").strip();
  }

  /** What counts of a run of punctuation: all of it within a number, and a number's sign. */
  private static String kept(String text, MatchResult run) {
    if (run.end() == text.length() || !Character.isDigit(text.codePointAt(run.end()))) {
      return "";
    }
    int before = run.start() == 0 ? ' ' : text.codePointBefore(run.start());
    if (Character.isDigit(before)) {
      return run.group();
    }
    Matcher sign = SIGN.matcher(run.group());
    boolean joined = Character.isLetter(before);
    return sign.find() && !(joined && sign.start() == 0) ? sign.group() : "";
  }

  /** A text in that form with its own ellipses as words. */
  private static String withEllipses(String text) {
    return normalise(ELLIPSIS.matcher(text).replaceAll(" \u2026 "));
  }

  /** Checks one quote, given without its tags. */
  public Quote check(String quote) {
    String bare = normalise(ELLIPSIS.matcher(quote).replaceAll(" "));
    int words = bare.isEmpty() ? 0 : bare.split(" ", -1).length;
    return new Quote(quote, isVerified(quote), similarity(bare), words);
  }

  private boolean isVerified(String quote) {
    String whole = " " + withEllipses(quote) + " ";
    if (normalise(ELLIPSIS.matcher(quote).replaceAll(" ")).split(" ", -1).length >= MIN_WORDS
        && verbatim.stream().anyMatch(source -> source.contains(whole))) {
      return true;
    }
    List<String> parts = new ArrayList<>();
    for (String part : ELLIPSIS.split(quote, -1)) {
      String bare = normalise(part);
      if (!bare.isEmpty()) {
        if (bare.split(" ", -1).length < MIN_WORDS) {
          return false;
        }
        parts.add(" " + bare + " ");
      }
    }
    return !parts.isEmpty() && sources.stream().anyMatch(source -> inOrder(source, parts));
  }

  private static boolean inOrder(String source, List<String> parts) {
    int from = 0;
    for (String part : parts) {
      int at = source.indexOf(part, from);
      if (at < 0) {
        return false;
      }
      // The space after a part may be the one before the next.
      from = at + part.length() - 1;
    }
    return true;
  }

  private double similarity(String bare) {
    Set<String> own = trigrams(bare);
    if (own.isEmpty()) {
      String padded = " " + bare + " ";
      return !bare.isEmpty() && sources.stream().anyMatch(s -> s.contains(padded)) ? 1 : 0;
    }
    return (double) own.stream().filter(trigrams::contains).count() / own.size();
  }

  private static Set<String> trigrams(String normalised) {
    String[] words = normalised.strip().split(" ", -1);
    Set<String> trigrams = new HashSet<>();
    for (int i = 0; i + MIN_WORDS <= words.length; i++) {
      trigrams.add(words[i] + " " + words[i + 1] + " " + words[i + 2]);
    }
    return trigrams;
  }

  /** Returns the quotes of a text, marked or not, each checked. */
  public List<Quote> quotes(String text) {
    List<Quote> quotes = new ArrayList<>();
    Matcher matcher = QUOTE.matcher(unmarked(text));
    while (matcher.find()) {
      quotes.add(check(matcher.group(1)));
    }
    return List.copyOf(quotes);
  }

  /**
   * Returns a text with every quote between {@code <v_quote>} tags where it is verified and between
   * {@code <u_quote>} tags where it is not. Marks that the text claims for itself do not count.
   */
  public String mark(String text) {
    Matcher matcher = QUOTE.matcher(unmarked(text));
    StringBuilder marked = new StringBuilder();
    while (matcher.find()) {
      String tag = check(matcher.group(1)).verified() ? "v_quote" : "u_quote";
      matcher.appendReplacement(
          marked, Matcher.quoteReplacement("<" + tag + ">" + matcher.group(1) + "</" + tag + ">"));
    }
    return matcher.appendTail(marked).toString();
  }

  /**
   * Returns a text with plain {@code <quote>} tags in place of marks and of tags in other writing,
   * and with {@code quote} in place of the names of marks outside tags.
   */
  public static String unmarked(String text) {
    return REMNANT.matcher(CLAIMED.matcher(text).replaceAll("<$1quote>")).replaceAll("quote");
  }
}
