package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.alignment4j.oversight.amplify.task.WildcardSearch.Pattern;
import org.apiguardian.api.API;

/**
 * The sum of a function, +1 or −1, over the binary strings that match a pattern (Christiano et al.
 * 2018, table 1). The overseer puts each letter in the place of the first wildcard and adds.
 *
 * @param values of the strings, read as binary numbers; a power of two many
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WildcardSearch(List<Integer> values) implements AlgorithmicTask<Pattern> {
  private static final char WILDCARD = '*';

  /**
   * Asks for the sum over what matches.
   *
   * @param letters 0, 1 or * in each place
   */
  public record Pattern(String letters) {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the values are not a power of two many, or not ±1
   */
  public WildcardSearch {
    values = List.copyOf(values);
    if (values.size() < 2
        || Integer.bitCount(values.size()) != 1
        || values.stream().anyMatch(value -> Math.abs(value) != 1)) {
      throw new IllegalArgumentException(
          "values must be 1 or -1 and a power of two many but were " + values);
    }
  }

  /** Draws a function of strings of a length. */
  public static WildcardSearch draw(int length, RandomGenerator random) {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < 1 << length; i++) {
      values.add(random.nextBoolean() ? 1 : -1);
    }
    return new WildcardSearch(values);
  }

  private int length() {
    return Integer.numberOfTrailingZeros(values.size());
  }

  @Override
  public List<Pattern> questions() {
    List<String> patterns = List.of("");
    for (int i = 0; i < length(); i++) {
      patterns =
          patterns.stream().flatMap(p -> List.of(p + "0", p + "1", p + "*").stream()).toList();
    }
    return patterns.stream().filter(p -> p.indexOf(WILDCARD) >= 0).map(Pattern::new).toList();
  }

  @Override
  public int difficulty(Pattern question) {
    return (int) question.letters().chars().filter(c -> c == WILDCARD).count();
  }

  @Override
  public OptionalInt simple(Pattern question) {
    return question.letters().matches("[01]{" + length() + "}")
        ? OptionalInt.of(values.get(Integer.parseInt(question.letters(), 2)))
        : OptionalInt.empty();
  }

  @Override
  public int exact(Pattern question) {
    int sum = 0;
    for (int string = 0; string < values.size(); string++) {
      if (matches(question.letters(), string)) {
        sum += values.get(string);
      }
    }
    return sum;
  }

  private boolean matches(String pattern, int string) {
    for (int place = 0; place < length(); place++) {
      int bit = (string >> (length() - 1 - place)) & 1;
      if (pattern.charAt(place) != WILDCARD && pattern.charAt(place) - '0' != bit) {
        return false;
      }
    }
    return true;
  }

  @Override
  public AnswerRange range(Pattern question) {
    int most = 1 << difficulty(question);
    return new AnswerRange(-most, most);
  }

  @Override
  public OptionalInt combine(Pattern question, Assistant<Pattern> assistant) {
    int place = question.letters().indexOf(WILDCARD);
    if (place < 0) {
      return OptionalInt.empty();
    }
    OptionalInt zero = assistant.ask(new Pattern(filled(question.letters(), place, '0')));
    OptionalInt one = assistant.ask(new Pattern(filled(question.letters(), place, '1')));
    return zero.isEmpty() || one.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(zero.getAsInt() + one.getAsInt());
  }

  private static String filled(String letters, int place, char letter) {
    return letters.substring(0, place) + letter + letters.substring(place + 1);
  }
}
