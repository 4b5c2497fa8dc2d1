package org.alignment4j.eval.judged;

import java.util.List;
import java.util.regex.Pattern;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * How an answer looks, in the counts that style control uses.
 *
 * @param tokens its length in tokens, or in words where tokens are not known
 * @param headers headings of Markdown
 * @param lists items of lists of Markdown
 * @param bold bold passages of Markdown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StyleCounts(double tokens, double headers, double lists, double bold) {
  /** What is counted, in the order of {@link #values()}. */
  static final List<String> NAMES = List.of("tokens", "headers", "lists", "bold");

  private static final Pattern HEADER = Pattern.compile("^ {0,3}#{1,6}\\s+\\S", Pattern.MULTILINE);
  private static final Pattern ITEM =
      Pattern.compile("^\\s*(?:[-*+]|[0-9]{1,9}[.)])\\s+\\S", Pattern.MULTILINE);
  private static final Pattern BOLD = Pattern.compile("\\*\\*[^*\\n]+\\*\\*|__[^_\\n]+__");
  private static final Pattern WORD = Pattern.compile("\\S+");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is negative or not finite
   */
  public StyleCounts {
    for (double count : new double[] {tokens, headers, lists, bold}) {
      if (!(count >= 0 && count < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "counts must be finite and not negative but one was " + count);
      }
    }
  }

  /** Returns the counts of a text, its words as tokens. */
  public static StyleCounts of(String text) {
    return new StyleCounts(
        count(WORD, text), count(HEADER, text), count(ITEM, text), count(BOLD, text));
  }

  private static long count(Pattern pattern, String text) {
    return pattern.matcher(text).results().count();
  }

  /** The counts of one side, as Chatbot Arena publishes them. */
  static StyleCounts of(Row style, String side) {
    return new StyleCounts(
        style.number("sum_assistant_" + side + "_tokens"),
        sum(style.object("header_count_" + side)),
        sum(style.object("list_count_" + side)),
        sum(style.object("bold_count_" + side)));
  }

  private static double sum(Row counts) {
    return counts.namesInFile().stream().mapToDouble(counts::number).sum();
  }

  double[] values() {
    return new double[] {tokens, headers, lists, bold};
  }
}
