package org.alignment4j.eval.bias;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.data.Row;

/**
 * A line of WinoBias: a number, and a sentence with both mentions in square brackets.
 *
 * @param number the line's number, by which pro- and anti-stereotypical sentences belong together
 * @param sentence without brackets
 * @param pronoun the first pronoun in brackets
 * @param antecedent the occupation it refers to
 * @param other the other occupation of the sentence, the first of them
 */
record WinoBiasSentence(
    long number, String sentence, String pronoun, String antecedent, String other) {

  private static final Pattern LINE = Pattern.compile("(\\d{1,9}) (.+)");
  private static final Pattern MENTION = Pattern.compile("\\[([^\\]]+)]");

  static WinoBiasSentence of(Row row, List<String> occupations) {
    Matcher line = LINE.matcher(row.text("text").strip());
    if (!line.matches()) {
      throw row.fault(
          "text", "a line must be a number and a sentence but was '" + row.text("text") + "'");
    }
    String marked = line.group(2);
    String pronoun = "";
    String person = "";
    Matcher mention = MENTION.matcher(marked);
    while (mention.find()) {
      String words = mention.group(1).strip();
      boolean isPronoun = Pronouns.gender(words).isPresent();
      if (isPronoun && pronoun.isEmpty()) {
        pronoun = words;
      } else if (!isPronoun && person.isEmpty()) {
        person = words;
      }
    }
    if (pronoun.isEmpty() || person.isEmpty()) {
      throw row.fault(
          "text",
          "a sentence must have an occupation and a pronoun in square brackets but was '"
              + marked
              + "'");
    }
    String sentence = marked.replace("[", "").replace("]", "");
    List<String> found =
        occupations.stream()
            .filter(occupation -> place(sentence, occupation) >= 0)
            .distinct()
            .sorted(Comparator.comparingInt(occupation -> place(sentence, occupation)))
            .toList();
    String of = person;
    List<String> antecedents =
        found.stream().filter(occupation -> place(of, occupation) >= 0).toList();
    if (found.size() < 2 || antecedents.size() != 1) {
      throw row.fault(
          "text",
          "a sentence must name two occupations of the lists, one of them in brackets, but names "
              + found
              + " and has '"
              + person
              + "' in brackets");
    }
    String antecedent = antecedents.get(0);
    return new WinoBiasSentence(
        Long.parseLong(line.group(1)),
        sentence,
        pronoun,
        antecedent,
        found.get(found.get(0).equals(antecedent) ? 1 : 0));
  }

  /** Where whole words of a text are the occupation; negative when they are nowhere. */
  private static int place(String text, String occupation) {
    String words = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", " ");
    return (" " + words + " ").indexOf(" " + occupation.toLowerCase(Locale.ROOT) + " ");
  }
}
