package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.apiguardian.api.API;

/**
 * Which pairs of a ranking's answers become preference pairs. Tied answers never do, and the better
 * answer is always the chosen one.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum PairSelection {
  /** Every pair: K(K-1)/2 of K answers without ties (Ouyang et al. 2022, section 3.5). */
  ALL,
  /** The first answer with every other: at most K-1 pairs. */
  BEST_AND_OTHERS,
  /** The first answer with the last: one pair, or none when all are tied. */
  BEST_AND_WORST,
  /** Every answer with the next one: at most K-1 pairs. */
  NEIGHBOURS;

  /** Returns the pairs without margins, in the order of the ranking. */
  public List<PreferencePair> pairs(Ranking ranking) {
    return pairs(ranking, false);
  }

  /**
   * Returns the pairs, in the order of the ranking, with the differences of the scores for margins.
   */
  public List<PreferencePair> pairsWithMargins(Ranking ranking) {
    return pairs(ranking, true);
  }

  private List<PreferencePair> pairs(Ranking ranking, boolean margins) {
    List<PreferencePair> pairs = new ArrayList<>();
    int last = ranking.responses().size() - 1;
    for (int i = 0; i < last; i++) {
      for (int j = i + 1; j <= last; j++) {
        double difference = ranking.scores().get(i) - ranking.scores().get(j);
        if (takes(i, j, last) && difference > 0) {
          pairs.add(
              new PreferencePair(
                  ranking.prompt(),
                  ranking.responses().get(i),
                  ranking.responses().get(j),
                  1,
                  margins ? OptionalDouble.of(difference) : OptionalDouble.empty(),
                  null));
        }
      }
    }
    return List.copyOf(pairs);
  }

  private boolean takes(int better, int worse, int last) {
    return switch (this) {
      case ALL -> true;
      case BEST_AND_OTHERS -> better == 0;
      case BEST_AND_WORST -> better == 0 && worse == last;
      case NEIGHBOURS -> worse == better + 1;
    };
  }
}
