package org.alignment4j.eval.redteam.genetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Two texts exchange runs of sentences. Pure functions. */
final class Crossover {
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+");

  private Crossover() {}

  /** Two children. */
  record Children(String first, String second) {}

  static List<String> sentences(String text) {
    return List.of(SENTENCE_END.split(text.strip()));
  }

  /**
   * Cuts two texts at the same sentence ends and exchanges each run of sentences with probability
   * one half; together the children have the sentences of the parents. What the longer text has
   * beyond the last cut belongs to its last run.
   *
   * @param points most cuts
   */
  static Children of(String first, String second, int points, SplittableRandom random) {
    List<String> one = sentences(first);
    List<String> other = sentences(second);
    int places = Math.min(one.size(), other.size()) - 1;
    TreeSet<Integer> cuts = new TreeSet<>();
    while (cuts.size() < Math.min(points, places)) {
      cuts.add(1 + random.nextInt(places));
    }
    List<String> child = new ArrayList<>();
    List<String> sibling = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      exchange(
          one.subList(from, cut), other.subList(from, cut), child, sibling, random.nextBoolean());
      from = cut;
    }
    exchange(
        one.subList(from, one.size()),
        other.subList(from, other.size()),
        child,
        sibling,
        random.nextBoolean());
    return new Children(String.join(" ", child), String.join(" ", sibling));
  }

  private static void exchange(
      List<String> run,
      List<String> otherRun,
      List<String> child,
      List<String> sibling,
      boolean swapped) {
    child.addAll(swapped ? otherRun : run);
    sibling.addAll(swapped ? run : otherRun);
  }
}
