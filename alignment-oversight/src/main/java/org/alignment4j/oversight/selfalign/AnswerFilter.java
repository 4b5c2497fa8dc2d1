package org.alignment4j.oversight.selfalign;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Filters replies that give thoughts and an answer (Sun et al. 2023, section 3.2), in this order:
 * the self-identification begins the reply, and what follows the answer mark is the answer; it ends
 * before the first piece that occurred before, where pieces end at line feeds and at {@code . ? ! ;
 * : , `}; it ends at the next turn of the user, and a finished one must have a least length, while
 * an unfinished one loses its last word; phrases of examples, apologies and empty answers are left
 * out; the assistant is renamed. Blocked phrases that are common words remove honest answers about
 * them: look at what each rule removes. Immutable.
 *
 * @param identification the sentence that begins the thoughts; empty when there are no thoughts
 * @param answerMark stands before the answer; empty when a reply is the answer
 * @param userMark stands before the user's next turn
 * @param minFinished fewest characters of a finished answer
 * @param blocked phrases of the prompt's examples, in any case
 * @param apologies how answers may not begin, in any case
 * @param generatedName the assistant's name in the prompt; empty to rename nothing
 * @param name the assistant's name in training
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AnswerFilter(
    String identification,
    String answerMark,
    String userMark,
    int minFinished,
    List<String> blocked,
    List<String> apologies,
    String generatedName,
    String name) {
  private static final Pattern PIECE = Pattern.compile("[^\n.?!;:,`]*[\n.?!;:,`]|[^\n.?!;:,`]+\\z");
  private static final int MIN_FINISHED = 160;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a mark, the identification or a phrase is blank, though the
   *     identification and the answer's mark may be empty, or the length is negative
   */
  public AnswerFilter {
    Objects.requireNonNull(generatedName, "generatedName");
    Objects.requireNonNull(name, "name");
    blocked = List.copyOf(blocked);
    apologies = List.copyOf(apologies);
    if (blank(identification) || blank(answerMark) || userMark.isBlank()) {
      throw new IllegalArgumentException(
          "identification, answerMark and userMark must not be blank, the first two may be empty,"
              + " but they were '"
              + identification
              + "', '"
              + answerMark
              + "' and '"
              + userMark
              + "'");
    }
    if (minFinished < 0 || blank(blocked) || blank(apologies)) {
      throw new IllegalArgumentException(
          "minFinished must not be negative and no phrase blank, which would match anything, but"
              + " they were "
              + minFinished
              + ", "
              + blocked
              + " and "
              + apologies);
    }
  }

  private static boolean blank(String mark) {
    return !mark.isEmpty() && mark.isBlank();
  }

  private static boolean blank(List<String> phrases) {
    return phrases.stream().anyMatch(String::isBlank);
  }

  /** Returns the filter for the bundled prompt: at least 160 characters of a finished answer. */
  public static AnswerFilter bundled() {
    return new AnswerFilter(
        "I am Lantern, an assistant that answers by its rules.",
        "Answer:",
        "User:",
        MIN_FINISHED,
        List.of("harbour clock", "tin whistle", "beet soup"),
        List.of("sorry", "i'm sorry", "i am sorry", "i apologize", "i apologise"),
        "Lantern",
        "the assistant");
  }

  /**
   * Returns this filter for replies that are answers alone, as of a prompt without thoughts and
   * examples: nothing must come before the answer, and there are no phrases to leak.
   */
  public AnswerFilter ofAnswersAlone() {
    return new AnswerFilter("", "", userMark, minFinished, List.of(), apologies, "", name);
  }

  /** Returns this filter with another least length of finished answers. */
  public AnswerFilter withMinFinished(int characters) {
    return new AnswerFilter(
        identification, answerMark, userMark, characters, blocked, apologies, generatedName, name);
  }

  /**
   * Filters a reply.
   *
   * @param ended whether the reply ended by itself, which finishes an answer as a turn of the user
   *     does
   */
  public Filtered filter(String reply, boolean ended) {
    String text = reply.strip();
    if (!text.startsWith(identification)) {
      return new Filtered.Removed(FilterRule.NO_IDENTIFICATION, "");
    }
    int mark = text.indexOf(answerMark);
    if (mark < 0) {
      return new Filtered.Removed(FilterRule.NO_ANSWER_MARK, "");
    }
    String whole = text.substring(mark + answerMark.length()).strip();
    String answer = withoutRepetition(whole);
    boolean cut = answer.length() < whole.length();
    int turn = answer.indexOf(userMark);
    if (turn >= 0) {
      answer = answer.substring(0, turn).strip();
    }
    if (turn >= 0 || (ended && !cut)) {
      if (answer.length() < minFinished) {
        return new Filtered.Removed(FilterRule.TOO_SHORT, answer.length() + " characters");
      }
    } else {
      answer = withoutLastWord(answer);
      cut = true;
    }
    return judged(answer, cut);
  }

  private Filtered judged(String answer, boolean cut) {
    String lower = plain(answer);
    for (String phrase : blocked) {
      if (lower.contains(plain(phrase))) {
        return new Filtered.Removed(FilterRule.LEAKED_EXAMPLE, phrase);
      }
    }
    for (String apology : apologies) {
      if (lower.startsWith(plain(apology))) {
        return new Filtered.Removed(FilterRule.APOLOGY, apology);
      }
    }
    if (answer.isBlank()) {
      return new Filtered.Removed(FilterRule.EMPTY, "");
    }
    return new Filtered.Kept(
        generatedName.isEmpty()
            ? answer
            : Pattern.compile(
                    "(?<![\\p{L}\\p{N}])" + Pattern.quote(generatedName) + "(?![\\p{L}\\p{N}])")
                .matcher(answer)
                .replaceAll(Matcher.quoteReplacement(name)),
        cut);
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replace('\u2019', '\'').replace('\u2018', '\'');
  }

  /** The text before the first piece that occurred before; blank pieces do not count. */
  static String withoutRepetition(String text) {
    Set<String> seen = new HashSet<>();
    Matcher pieces = PIECE.matcher(text);
    while (pieces.find()) {
      String piece = pieces.group().strip();
      if (piece.length() > 1 && !seen.add(piece)) {
        return text.substring(0, pieces.start()).strip();
      }
    }
    return text;
  }

  private static String withoutLastWord(String text) {
    int end = text.length();
    while (end > 0 && !Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).strip();
  }
}
