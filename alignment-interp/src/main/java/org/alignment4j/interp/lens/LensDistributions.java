package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.model.TokenIds;

/** Next-token distributions of every place of some sequences, from their logits. */
final class LensDistributions {

  private final List<TokenIds> tokens;
  private final double[][] logProbabilities;

  /**
   * Distributions.
   *
   * @param logits {@code [places, vocabulary]}, sequence after sequence without padding
   */
  LensDistributions(List<TokenIds> tokens, float[] logits) {
    this.tokens = tokens;
    int places = tokens.stream().mapToInt(TokenIds::size).sum();
    int vocabulary = logits.length / places;
    this.logProbabilities = new double[places][vocabulary];
    for (int place = 0; place < places; place++) {
      logSoftmax(logits, place * vocabulary, logProbabilities[place]);
    }
  }

  private static void logSoftmax(float[] logits, int from, double[] into) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < into.length; i++) {
      largest = Math.max(largest, logits[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < into.length; i++) {
      sum += Math.exp(logits[from + i] - largest);
    }
    double normaliser = largest + Math.log(sum);
    for (int i = 0; i < into.length; i++) {
      into[i] = logits[from + i] - normaliser;
    }
  }

  /** What these distributions say at each place, beside the final ones. */
  List<List<LensReading.Place>> places(LensDistributions last, int top) {
    List<List<LensReading.Place>> sequences = new ArrayList<>();
    int place = 0;
    for (TokenIds sequence : tokens) {
      List<LensReading.Place> row = new ArrayList<>();
      for (int p = 0; p < sequence.size(); p++) {
        int next = p + 1 < sequence.size() ? sequence.get(p + 1) : -1;
        row.add(place(logProbabilities[place], last.logProbabilities[place], next, top));
        place++;
      }
      sequences.add(List.copyOf(row));
    }
    return List.copyOf(sequences);
  }

  private static LensReading.Place place(double[] own, double[] last, int next, int top) {
    double entropy = 0;
    double divergence = 0;
    for (int i = 0; i < own.length; i++) {
      entropy -= Math.exp(own[i]) * own[i];
      divergence += Math.exp(last[i]) * (last[i] - own[i]);
    }
    return new LensReading.Place(
        best(own, top),
        Math.max(0, entropy),
        Math.max(0, divergence),
        next < 0 ? Double.NaN : own[next],
        next < 0 ? -1 : rank(own, next));
  }

  /** The likeliest, likeliest first, of equal ones the lower id first. */
  private static List<LensReading.Token> best(double[] own, int top) {
    int[] ids = new int[Math.min(top, own.length)];
    int found = 0;
    for (int i = 0; i < own.length; i++) {
      if (found == ids.length && own[i] <= own[ids[found - 1]]) {
        continue;
      }
      int at = found < ids.length ? found++ : found - 1;
      while (at > 0 && own[ids[at - 1]] < own[i]) {
        ids[at] = ids[at - 1];
        at--;
      }
      ids[at] = i;
    }
    return Arrays.stream(ids).mapToObj(i -> new LensReading.Token(i, Math.exp(own[i]))).toList();
  }

  private static int rank(double[] own, int token) {
    int rank = 0;
    for (int i = 0; i < own.length; i++) {
      if (own[i] > own[token] || (own[i] == own[token] && i < token)) {
        rank++;
      }
    }
    return rank;
  }
}
