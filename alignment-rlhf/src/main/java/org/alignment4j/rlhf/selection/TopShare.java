package org.alignment4j.rlhf.selection;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The best answers of all, whatever their prompts; of equal rewards the first.
 *
 * @param share of the answers, in (0, 1], rounded up
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopShare(double share) implements Selection {

  /** What rounding of the product of a share and a number may add. */
  private static final double ROUNDING = 1e-9;

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException when it is out of range
   */
  public TopShare {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be in (0, 1] but was " + share);
    }
  }

  @Override
  public List<Integer> select(List<Candidate> candidates) {
    int count = (int) Math.ceil(share * candidates.size() - ROUNDING);
    return IntStream.range(0, candidates.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -candidates.get(i).reward()))
        .limit(count)
        .sorted()
        .toList();
  }
}
