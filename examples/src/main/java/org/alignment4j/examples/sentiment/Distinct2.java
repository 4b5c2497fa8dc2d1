package org.alignment4j.examples.sentiment;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Diversity of texts: different pairs of neighbouring words as a share of all such pairs, over all
 * texts together (distinct-2, Li et al. 2016, arXiv 1510.03055). It falls as texts are added:
 * compare equally many texts of equal length.
 */
final class Distinct2 {

  private Distinct2() {}

  /** In (0, 1]; NaN when no text has two words. No pair reaches from one text into the next. */
  static double of(List<String> texts) {
    Set<List<String>> different = new HashSet<>();
    long all = 0;
    for (String text : texts) {
      List<String> words = GoldSentiment.words(text);
      for (int i = 1; i < words.size(); i++) {
        different.add(words.subList(i - 1, i + 1));
        all++;
      }
    }
    return all == 0 ? Double.NaN : (double) different.size() / all;
  }
}
