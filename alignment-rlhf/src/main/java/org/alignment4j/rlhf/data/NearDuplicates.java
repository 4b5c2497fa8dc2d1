package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Tells texts that are nearly the same: their similarity is that of Jaccard over the sets of all
 * pieces of some characters length (Broder 1997), after lower-casing and with blanks made one.
 * Works for every script. Similarities are exact. Immutable.
 *
 * @param threshold texts of at least this similarity are duplicates, in (0, 1]
 * @param pieceLength characters (Unicode code points) of a piece, at least 1; a shorter text is one
 *     piece
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NearDuplicates(double threshold, int pieceLength) {

  private static final int PIECE = 5;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public NearDuplicates {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold must be in (0, 1] but was " + threshold);
    }
    if (pieceLength < 1) {
      throw new IllegalArgumentException("pieceLength must be at least 1 but was " + pieceLength);
    }
  }

  /**
   * Returns duplicates over pieces of five characters.
   *
   * @param threshold from which similarity on texts are duplicates, in (0, 1]; 0.8 is usual
   * @return the rule
   * @throws IllegalArgumentException when it is out of range
   */
  public static NearDuplicates above(double threshold) {
    return new NearDuplicates(threshold, PIECE);
  }

  /**
   * Chooses texts of which no two are duplicates: each text that is none of an earlier chosen one.
   *
   * @param texts any number
   * @return indices of the chosen ones, ascending
   */
  public List<Integer> keep(List<String> texts) {
    List<Integer> kept = new ArrayList<>();
    List<Set<String>> pieces = new ArrayList<>();
    Map<String, List<Integer>> holders = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      Set<String> own = pieces(texts.get(i));
      Map<Integer, Integer> shared = new HashMap<>();
      for (String piece : own) {
        for (int holder : holders.getOrDefault(piece, List.of())) {
          shared.merge(holder, 1, Integer::sum);
        }
      }
      boolean duplicate =
          shared.entrySet().stream()
              .anyMatch(
                  e ->
                      similarity(e.getValue(), own.size(), pieces.get(e.getKey()).size())
                          >= threshold);
      if (!duplicate) {
        int place = kept.size();
        own.forEach(piece -> holders.computeIfAbsent(piece, p -> new ArrayList<>()).add(place));
        kept.add(i);
        pieces.add(own);
      }
    }
    return List.copyOf(kept);
  }

  /**
   * Returns how similar two texts are.
   *
   * @param a a text
   * @param b a text
   * @return pieces of both over pieces of either, from 0 to 1
   */
  public double similarity(String a, String b) {
    return similarity(pieces(a), pieces(b));
  }

  static double similarity(Set<String> a, Set<String> b) {
    Set<String> small = a.size() < b.size() ? a : b;
    Set<String> large = small == a ? b : a;
    int shared = 0;
    for (String piece : small) {
      shared += large.contains(piece) ? 1 : 0;
    }
    return similarity(shared, a.size(), b.size());
  }

  private static double similarity(int shared, int a, int b) {
    return (double) shared / (a + b - shared);
  }

  /** At least one piece, that of an empty text being empty. */
  Set<String> pieces(String text) {
    String plain = text.toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", " ");
    int[] points = plain.codePoints().toArray();
    Set<String> pieces = new HashSet<>();
    for (int i = 0; i + pieceLength <= points.length; i++) {
      pieces.add(new String(points, i, pieceLength));
    }
    if (pieces.isEmpty()) {
      pieces.add(plain);
    }
    return pieces;
  }
}
