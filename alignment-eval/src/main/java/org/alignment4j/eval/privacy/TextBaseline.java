package org.alignment4j.eval.privacy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A classifier that sees texts and no model: naive Bayes of which words and numbers occur, with one
 * count more for each. Every text is scored by a classifier of the other folds. Where it tells
 * members from others, so would any model.
 */
final class TextBaseline {
  static final int FOLDS = 5;

  private TextBaseline() {}

  /** The log-odds of each text being a member, classes weighing the same. */
  static double[] scores(List<String> texts, boolean[] member, long seed) {
    int[] folds = folds(member, seed);
    List<Set<String>> words = texts.stream().map(TextBaseline::words).toList();
    double[] scores = new double[member.length];
    for (int fold = 0; fold < FOLDS; fold++) {
      Map<String, int[]> counts = new HashMap<>();
      int[] sizes = new int[2];
      for (int i = 0; i < folds.length; i++) {
        if (folds[i] != fold) {
          int side = member[i] ? 1 : 0;
          sizes[side]++;
          words.get(i).forEach(word -> counts.computeIfAbsent(word, w -> new int[2])[side]++);
        }
      }
      for (int i = 0; i < folds.length; i++) {
        if (folds[i] == fold) {
          scores[i] = logOdds(words.get(i), counts, sizes);
        }
      }
    }
    return scores;
  }

  private static double logOdds(Set<String> words, Map<String, int[]> counts, int[] sizes) {
    double sum = 0;
    // In an order of their own, so that rounding does not depend on a set's.
    for (String word : words.stream().sorted().toList()) {
      int[] count = counts.get(word);
      if (count != null) {
        sum += Math.log((count[1] + 1.0) / (sizes[1] + 2.0));
        sum -= Math.log((count[0] + 1.0) / (sizes[0] + 2.0));
      }
    }
    return sum;
  }

  /** The words, and how long the text is, roughly. */
  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    words.add("length " + (int) (2 * Math.log(1 + text.length())));
    return words;
  }

  /** Folds that hold as many members and as many others as each other, but for one. */
  private static int[] folds(boolean[] member, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[member.length];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    int[] next = new int[2];
    int[] folds = new int[order.length];
    for (int i : order) {
      folds[i] = next[member[i] ? 1 : 0]++ % FOLDS;
    }
    return folds;
  }
}
