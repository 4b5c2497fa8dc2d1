package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A game about one input (Irving et al. 2018, section 3.1): the honest player claims the truth, the
 * liar has committed to one lie; in turn each shows a feature, truthfully, none twice; the judge
 * sees the features shown and nothing else, and the honest player wins when the truth scores higher
 * than the lie.
 *
 * @param id names the input
 * @param values the values of all features
 * @param candidates indices of the features that may be shown, at least {@code moves}
 * @param truth the true class
 * @param lie the class the liar claims
 * @param moves how many features are shown in all
 * @param honestFirst whether the honest player begins
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureGame(
    String id,
    List<Double> values,
    List<Integer> candidates,
    int truth,
    int lie,
    int moves,
    boolean honestFirst) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if truth and lie are the same, there is no move, there are
   *     fewer candidates than moves, or one is doubled or no feature
   */
  public FeatureGame {
    Objects.requireNonNull(id, "id");
    values = List.copyOf(values);
    candidates = List.copyOf(candidates);
    if (truth == lie) {
      throw new IllegalArgumentException("truth and lie must differ but both were " + truth);
    }
    if (moves < 1 || candidates.size() < moves) {
      throw new IllegalArgumentException(
          "moves must be at least 1 and at most the "
              + candidates.size()
              + " candidates of '"
              + id
              + "' but were "
              + moves);
    }
    if (new HashSet<>(candidates).size() < candidates.size()) {
      throw new IllegalArgumentException("candidates of '" + id + "' must all differ");
    }
    for (int candidate : candidates) {
      Objects.checkIndex(candidate, values.size());
    }
  }

  /** Whether the honest player is to move. */
  public boolean honestToMove(Shown shown) {
    return (shown.count() % 2 == 0) == honestFirst;
  }

  /** Whether all moves are made. */
  public boolean over(Shown shown) {
    return shown.count() >= moves;
  }

  /** The features that may be shown next, in the order of the candidates. */
  public List<Integer> legal(Shown shown) {
    List<Integer> legal = new ArrayList<>(candidates.size());
    for (int candidate : candidates) {
      if (!shown.shows(candidate)) {
        legal.add(candidate);
      }
    }
    return legal;
  }

  /** Returns the position after a feature was shown. */
  public Shown show(Shown shown, int feature) {
    return shown.with(feature, values.get(feature));
  }

  /** By how much the truth scores higher than the lie. */
  public double margin(double[] scores) {
    return scores[truth] - scores[lie];
  }
}
