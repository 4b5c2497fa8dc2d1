package org.alignment4j.eval.factuality.factscore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * How well documents answer a query by BM25 (Robertson and Zaragoza 2009, equation 3.15): {@code
 * Σ_t idf(t) · f·(k₁ + 1) / (f + k₁·(1 − b + b·length/mean length))} over the query's terms, with
 * {@code idf(t) = ln(1 + (N − n + ½)/(n + ½))}, which is never negative, {@code k₁ = 1.2} and
 * {@code b = 0.75}. Terms are runs of letters and digits in lower case. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Bm25 {

  private static final double K1 = 1.2;
  private static final double B = 0.75;
  private static final Pattern OTHER = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

  private final List<Map<String, Integer>> counts = new ArrayList<>();
  private final int[] lengths;
  private final Map<String, Integer> documentsWith = new HashMap<>();
  private final double meanLength;

  /**
   * Indexes documents.
   *
   * @param documents their texts; may be empty
   */
  public Bm25(List<String> documents) {
    lengths = new int[documents.size()];
    for (int d = 0; d < lengths.length; d++) {
      Map<String, Integer> own = new HashMap<>();
      List<String> terms = terms(documents.get(d));
      terms.forEach(term -> own.merge(term, 1, Integer::sum));
      own.keySet().forEach(term -> documentsWith.merge(term, 1, Integer::sum));
      counts.add(own);
      lengths[d] = terms.size();
    }
    meanLength = IntStream.of(lengths).average().orElse(0);
  }

  /**
   * Cuts a text into terms.
   *
   * @param text any text
   * @return its terms, in order
   */
  public static List<String> terms(String text) {
    return OTHER
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(term -> !term.isEmpty())
        .toList();
  }

  /**
   * Returns how well each document answers a query; a term that the query repeats counts as often.
   *
   * @param query any text
   * @return a score for each document, in order, 0 where no term occurs
   */
  public double[] scores(String query) {
    double[] scores = new double[lengths.length];
    for (String term : terms(query)) {
      int with = documentsWith.getOrDefault(term, 0);
      double idf = Math.log1p((lengths.length - with + 0.5) / (with + 0.5));
      for (int d = 0; with > 0 && d < scores.length; d++) {
        int count = counts.get(d).getOrDefault(term, 0);
        double length = K1 * (1 - B + B * lengths[d] / meanLength);
        scores[d] += count == 0 ? 0 : idf * count * (K1 + 1) / (count + length);
      }
    }
    return scores;
  }

  /**
   * Returns the documents that answer a query best.
   *
   * @param query any text
   * @param k how many at most, not negative
   * @return their indices, best first, of equal ones the earlier first; also such that have no term
   *     of the query, when there are no better ones
   * @throws IllegalArgumentException when k is negative
   */
  public List<Integer> best(String query, int k) {
    if (k < 0) {
      throw new IllegalArgumentException("k must not be negative but was " + k);
    }
    double[] scores = scores(query);
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted((a, b) -> Double.compare(scores[b], scores[a]))
        .limit(k)
        .toList();
  }
}
