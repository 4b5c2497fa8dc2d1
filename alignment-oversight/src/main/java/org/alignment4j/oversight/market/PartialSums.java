package org.alignment4j.oversight.market;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Drafter;
import org.apiguardian.api.API;

/**
 * An adversary in claims about sums that adds two of the numbers that are left: an argument that
 * can be checked. It can be made to add wrongly. Immutable.
 *
 * @param off what is added to each partial sum; 0 is honest
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PartialSums(long off) implements Drafter {

  /** Returns an adversary that adds rightly. */
  public static PartialSums honest() {
    return new PartialSums(0);
  }

  /**
   * Adds two numbers drawn from those that are left; says so when there is one.
   *
   * @throws IllegalArgumentException if the question is no sum as {@link IntegerSums} writes them
   */
  @Override
  public List<Turn> draft(View view, int count, OversightContext context) {
    long seed = CallSeed.of(context.seed(), view.role(), view.round(), 0);
    SplittableRandom random = new SplittableRandom(seed);
    List<Turn> drafts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drafts.add(new Turn(view.role(), view.round(), sum(view, random), "", true, 1, Usage.NONE));
    }
    return List.copyOf(drafts);
  }

  private String sum(View view, SplittableRandom random) {
    List<Long> left = new ArrayList<>(SumLedger.of(view).left());
    if (left.size() == 1) {
      return "Nothing is left to add.";
    }
    long a = left.remove(random.nextInt(left.size()));
    long b = left.get(random.nextInt(left.size()));
    return a + " + " + b + " = " + (a + b + off);
  }
}
