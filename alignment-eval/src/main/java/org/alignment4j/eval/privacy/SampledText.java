package org.alignment4j.eval.privacy;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A text that a model wrote in an audit by sampling.
 *
 * @param strategy how it was sampled
 * @param prompt what it was sampled after; empty for nothing
 * @param text what the model wrote
 * @param scores by the name of the ranking, higher for texts more likely learnt by heart; those
 *     that are undefined are left out
 * @param known which of the known texts it repeats; empty for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampledText(
    String strategy, String prompt, String text, Map<String, Double> scores, Set<String> known) {

  /** Copies. */
  public SampledText {
    scores = Map.copyOf(scores);
    known = Set.copyOf(known);
  }

  /**
   * Returns whether two texts say much the same: whether at least half of the word trigrams of the
   * first occur in the second (Carlini et al. 2021, arXiv 2012.07805, section 5.2). Texts without
   * trigrams are compared as they are.
   *
   * @param first a text
   * @param second another
   * @return true for a duplicate
   */
  public static boolean duplicates(String first, String second) {
    Set<String> own = trigrams(first);
    if (own.isEmpty()) {
      return first.strip().equals(second.strip());
    }
    Set<String> other = trigrams(second);
    long shared = own.stream().filter(other::contains).count();
    return 2 * shared >= own.size();
  }

  private static Set<String> trigrams(String text) {
    String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
    Set<String> trigrams = new HashSet<>();
    for (int i = 0; i + 2 < words.length; i++) {
      trigrams.add(words[i] + " " + words[i + 1] + " " + words[i + 2]);
    }
    return trigrams;
  }
}
