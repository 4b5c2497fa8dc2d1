package org.alignment4j.oversight.constitution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How much of a text others have too, in runs of four words, each counted as often as it stands
 * there. A shorter text is one run of all its words, and sought in others as such. Words are runs
 * of letters and digits in lower case. Pure functions.
 */
final class Repetition {
  private static final int ORDER = 4;

  private Repetition() {}

  /** Returns the share of a text's runs that stand in another; empty of a text without words. */
  static OptionalDouble share(String text, String other) {
    List<String> words = words(text);
    int order = order(words);
    Set<List<String>> known = new HashSet<>(runs(words(other), order));
    return runs(words, order).stream().mapToDouble(run -> known.contains(run) ? 1 : 0).average();
  }

  /**
   * Returns, for each text of each group, the share of its runs that a text of another group has;
   * empty of a text without words and where there is no other group.
   */
  static List<List<OptionalDouble>> acrossGroups(Collection<? extends Collection<String>> groups) {
    Set<Integer> orders = new HashSet<>();
    groups.forEach(group -> group.forEach(text -> orders.add(order(words(text)))));
    Map<List<String>, Integer> groupsWith = new HashMap<>();
    for (Collection<String> group : groups) {
      Set<List<String>> runs = new HashSet<>();
      for (String text : group) {
        List<String> words = words(text);
        orders.forEach(order -> runs.addAll(runs(words, order)));
      }
      runs.forEach(run -> groupsWith.merge(run, 1, Integer::sum));
    }
    List<List<OptionalDouble>> shares = new ArrayList<>();
    boolean others = groups.stream().filter(group -> !group.isEmpty()).count() > 1;
    for (Collection<String> group : groups) {
      shares.add(
          group.stream()
              .map(
                  text ->
                      others
                          ? runs(text).stream()
                              .mapToDouble(run -> groupsWith.getOrDefault(run, 0) > 1 ? 1 : 0)
                              .average()
                          : OptionalDouble.empty())
              .toList());
    }
    return shares;
  }

  private static List<List<String>> runs(String text) {
    List<String> words = words(text);
    return runs(words, order(words));
  }

  private static int order(List<String> words) {
    return Math.min(ORDER, words.size());
  }

  private static List<List<String>> runs(List<String> words, int order) {
    List<List<String>> runs = new ArrayList<>();
    for (int i = 0; order > 0 && i + order <= words.size(); i++) {
      runs.add(words.subList(i, i + order));
    }
    return runs;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
