package org.alignment4j.eval.redteam.genetic;

import com.google.common.collect.ImmutableMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/**
 * What words are worth: the mean score of the texts that hold them, halfway to what it was before
 * (Liu et al. 2023, arXiv 2310.04451, section 3.3). Immutable.
 *
 * @param scores by word in lower case
 */
record WordScores(Map<String, Double> scores) {

  WordScores {
    scores = ImmutableMap.copyOf(scores);
  }

  static WordScores none() {
    return new WordScores(Map.of());
  }

  /** After a generation. */
  WordScores updated(List<String> texts, double[] values) {
    Map<String, Double> sums = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      for (String word : words(texts.get(i))) {
        sums.merge(word, values[i], Double::sum);
        counts.merge(word, 1, Integer::sum);
      }
    }
    Map<String, Double> all = new LinkedHashMap<>(scores);
    sums.forEach(
        (word, sum) -> {
          double mean = sum / counts.getOrDefault(word, 1);
          Double before = scores.get(word);
          all.put(word, before == null ? mean : (before + mean) / 2);
        });
    return new WordScores(all);
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher matcher = SynonymTable.WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group().toLowerCase(Locale.ROOT));
    }
    return words;
  }

  /**
   * Replaces every word that has synonyms by one of them, drawn by the softmax of their scores; one
   * never seen has the word's own.
   */
  String swapped(String text, SynonymTable table, SplittableRandom random) {
    Matcher matcher = SynonymTable.WORD.matcher(text);
    StringBuilder swapped = new StringBuilder();
    while (matcher.find()) {
      String word = matcher.group();
      List<String> choices = table.synonyms(word);
      if (choices.size() > 1) {
        double own = scores.getOrDefault(word.toLowerCase(Locale.ROOT), 0.0);
        double[] values =
            choices.stream().mapToDouble(choice -> scores.getOrDefault(choice, own)).toArray();
        String drawn = choices.get(Roulette.draw(Roulette.softmax(values), random));
        word = SynonymTable.cased(drawn, word);
      }
      matcher.appendReplacement(swapped, Matcher.quoteReplacement(word));
    }
    matcher.appendTail(swapped);
    return swapped.toString();
  }
}
